import { type ByteTask, startBytes } from '../../core/progress.ts';
import { givenFolder } from '../../model/checkpoint/hub-cache.ts';
import { type Extraction, extractCheckpoint } from '../../model/extract/extract-checkpoint.ts';
import { progressOn } from '../../terminal/progress-bars.ts';
import { printable } from '../../terminal/text-width.ts';
import { defineCommand } from '../command.ts';
import { badOption, requireInteger } from '../options.ts';
import { EXIT } from '../terminal.ts';

/** `sorted-eval extract <folder> <out>` */
export const extractCommand = defineCommand({
  command: 'extract <folder> <out>',
  describe: 'write the sub-model of an exit as an ordinary Hugging Face checkpoint',
  builder: (args) =>
    args
      .positional('folder', { type: 'string', demandOption: true, describe: 'checkpoint or model folder' })
      .positional('out', { type: 'string', demandOption: true, describe: 'folder to make' })
      .option('exit', { type: 'number', describe: 'layers of the sub-model' })
      .option('all', { type: 'boolean', default: false, describe: 'every exit, each in <out>/exit-<n>' }),
  run: async ({ folder, out, exit, all }, { stdout, stderr, signal }) => {
    requireChoice(exit, all);
    let task: ByteTask | undefined;
    const onBytes = (bytes: number, total: number) => {
      task ??= startBytes(progressOn(stderr), 'Copying weights', total);
      task.advance(bytes);
    };
    try {
      stdout.write(
        printable(describe(await extractCheckpoint(givenFolder(folder), out, { exit, signal, onBytes }))),
      );
    } finally {
      task?.end();
    }
    return EXIT.done;
  },
});

function requireChoice(exit: number | undefined, all: boolean): void {
  if (exit !== undefined) requireInteger('--exit', exit, { min: 1, unit: 'layers' });
  if ((exit !== undefined) !== all) return;
  const found = all ? 'both' : 'neither';
  throw badOption('extract', 'either --exit or --all', found, 'Give --exit 12, or --all.');
}

function describe({ checkpoints, layers, notes }: Extraction): string {
  const lines = checkpoints.map(({ folder, exit, bytes, files }) => {
    const count = files.length === 1 ? '1 file' : `${files.length} files`;
    return `${folder}: ${exit} of ${layers} layers, ${(bytes / 1e6).toFixed(1)} MB in ${count}`;
  });
  return [...lines, ...notes].map((line) => `${line}\n`).join('');
}
