import { join } from 'node:path';
import type { CommandModule } from 'yargs';
import { folderChecks } from '../../doctor/check-folder.ts';
import { machineChecks } from '../../doctor/check-machine.ts';
import type { CheckRecord } from '../../store/tables/score-table.ts';
import { progressOn } from '../../terminal/progress-bars.ts';
import { checksText } from '../../terminal/reports/checks-text.ts';
import { EXIT, type ExitCode, type Terminal } from '../cli.ts';

type DoctorArguments = { folders: string[] };

/** `sorted-eval doctor [folders..]` */
export function doctorCommand(
  { stdout, stderr, signal }: Terminal,
  setExitCode: (code: ExitCode) => void,
): CommandModule<object, DoctorArguments> {
  const print = (title: string, checks: readonly CheckRecord[]) => {
    stdout.write(`${checksText(title, checks)}\n\n`);
    if (checks.some(({ passed }) => !passed)) setExitCode(EXIT.failedCheck);
  };
  return {
    command: 'doctor [folders..]',
    describe: 'check this machine, and model folders or checkpoints',
    builder: (args) =>
      args
        // Elsewhere the last of two values counts; here they are a list.
        .parserConfiguration({ 'duplicate-arguments-array': true })
        .positional('folders', {
          type: 'string',
          array: true,
          default: [],
          describe: 'model folders or checkpoints; all their weights are read',
        }),
    handler: async ({ folders }) => {
      print('This machine', await machineChecks());
      for (const folder of folders) {
        const checks = await folderChecks(folder, { progress: progressOn(stderr), signal });
        print(
          folder,
          checks.map((record) => withoutFolder(record, folder)),
        );
      }
    },
  };
}

/** The title names the folder already. */
function withoutFolder(record: CheckRecord, folder: string): CheckRecord {
  return { ...record, detail: record.detail.replaceAll(join(folder, '/'), '') };
}
