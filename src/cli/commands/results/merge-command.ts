import { resolve } from 'node:path';
import { type MergedFile, mergeFiles } from '../../../store/merge/merge-files.ts';
import type { OtherSpeeds } from '../../../store/merge/merge-speeds.ts';
import { printable } from '../../../terminal/text-width.ts';
import { defineCommand } from '../../command.ts';
import { badOption } from '../../options.ts';
import { EXIT } from '../../terminal.ts';

/** `sorted-eval merge <results.db> <results.db>… --into <results.db>` */
export const mergeCommand = defineCommand({
  command: 'merge <files..>',
  describe: 'make one results file of several, by content keys',
  builder: (args) =>
    args
      .positional('files', { type: 'string', array: true, demandOption: true, describe: 'results files' })
      .option('into', {
        type: 'string',
        demandOption: true,
        describe: 'the results file to make; nothing may be there',
      }),
  run: ({ files, into }, { stdout, stderr }) => {
    if (files.length < 2)
      throw badOption('merge', 'two results files or more', `${files.length}`, 'Name another.');
    const merged = mergeFiles(files, resolve(into), (line) => stderr.write(printable(`conflict: ${line}\n`)));
    stdout.write(printable(merged.map(textOf).join('')));
    return EXIT.done;
  },
});

function textOf({ path, added, runs }: MergedFile): string {
  const rows = Object.entries(added).map(([table, count]) => `${table} ${count.toLocaleString('en-US')}`);
  const lines = runs.flatMap(({ from, run, losesScores, otherSpeeds }) => [
    ...(from === run ? [] : [`  its run ${from} is ${run}`]),
    ...(losesScores ? [`  run ${run}: scores are to be made again (sorted-eval score)`] : []),
    ...(otherSpeeds ? [speedsText(run, otherSpeeds)] : []),
  ]);
  return `${path}: ${rows.join(', ') || 'nothing new'}\n${lines.map((line) => `${line}\n`).join('')}`;
}

function speedsText(run: string, { count, kept, others }: OtherSpeeds): string {
  return `  run ${run}: its speeds stay those of ${kept.join(', ')}; ${count} of ${others.join(', ')} are measurements without a run`;
}
