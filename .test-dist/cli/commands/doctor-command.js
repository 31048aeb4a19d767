import { join } from 'node:path';
import { folderChecks } from '../../doctor/check-folder.js';
import { machineChecks } from '../../doctor/check-machine.js';
import { progressOn } from '../../terminal/progress-bars.js';
import { checksText } from '../../terminal/reports/checks-text.js';
import { defineCommand } from '../command.js';
import { exitCodeOf } from '../named-sweep.js';
/** `sorted-eval doctor [folders..]` */
export const doctorCommand = defineCommand({
    command: 'doctor [folders..]',
    describe: 'check this machine, and model folders or checkpoints',
    builder: (args) => args
        // Elsewhere the last of two values counts; here they are a list.
        .parserConfiguration({ 'duplicate-arguments-array': true })
        .positional('folders', {
        type: 'string',
        array: true,
        default: [],
        describe: 'model folders or checkpoints; all their weights are read',
    }),
    run: async ({ folders }, { stdout, stderr, signal }) => {
        const print = (title, checks) => void stdout.write(`${checksText(title, checks)}\n\n`);
        const all = [...(await machineChecks())];
        print('This machine', all);
        for (const folder of folders) {
            const checks = await folderChecks(folder, { progress: progressOn(stderr), signal });
            print(folder, checks.map((record) => withoutFolder(record, folder)));
            all.push(...checks);
        }
        return exitCodeOf(all);
    },
});
/** The title names the folder already. */
function withoutFolder(record, folder) {
    return { ...record, detail: record.detail.replaceAll(join(folder, '/'), '') };
}
