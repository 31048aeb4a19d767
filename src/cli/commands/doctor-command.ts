import { join } from 'node:path';
import { folderChecks } from '../../doctor/check-folder.ts';
import { machineChecks } from '../../doctor/check-machine.ts';
import { givenFolder } from '../../model/checkpoint/hub-cache.ts';
import type { CheckRecord } from '../../store/tables/score-table.ts';
import { progressOn } from '../../terminal/progress-bars.ts';
import { checksText } from '../../terminal/reports/checks-text.ts';
import { printable } from '../../terminal/text-width.ts';
import { defineCommand } from '../command.ts';
import { exitCodeOf } from '../named-sweep.ts';

/** `sorted-eval doctor [folders..]` */
export const doctorCommand = defineCommand({
  command: 'doctor [folders..]',
  describe: 'check this machine, and model folders or checkpoints',
  builder: (args) =>
    args.positional('folders', {
      type: 'string',
      array: true,
      default: [] as string[],
      describe: 'model folders or checkpoints; all their weights are read',
    }),
  run: async ({ folders }, { stdout, stderr, signal }) => {
    const print = (title: string, checks: readonly CheckRecord[]) =>
      void stdout.write(printable(`${checksText(title, checks)}\n\n`));
    const all = [...(await machineChecks())];
    print('This machine', all);
    for (const name of folders) {
      const folder = givenFolder(name);
      const checks = await folderChecks(folder, { progress: progressOn(stderr), signal });
      print(
        name,
        checks.map((record) => withoutFolder(record, folder)),
      );
      all.push(...checks);
    }
    return exitCodeOf(all);
  },
});

/** The title names the folder already. */
function withoutFolder(record: CheckRecord, folder: string): CheckRecord {
  return { ...record, detail: record.detail.replaceAll(join(folder, '/'), '') };
}
