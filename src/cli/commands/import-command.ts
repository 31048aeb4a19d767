import { MODEL_KINDS } from '../../core/domain.ts';
import { PRECISIONS, type Precision } from '../../model/quantise/precision.ts';
import { hashModel } from '../../sources/hash-model.ts';
import { importModel } from '../../sources/import-model.ts';
import { progressOn } from '../../terminal/progress-bars.ts';
import { printable } from '../../terminal/text-width.ts';
import { defineCommand } from '../command.ts';
import { badOption } from '../options.ts';
import { EXIT } from '../terminal.ts';

/** `sorted-eval import <checkpoint> <out>` */
export const importCommand = defineCommand({
  command: 'import <checkpoint> <out>',
  describe: 'import a Hugging Face checkpoint as a model folder',
  builder: (args) =>
    args
      .positional('checkpoint', { type: 'string', demandOption: true, describe: 'checkpoint folder' })
      .positional('out', { type: 'string', demandOption: true, describe: 'model folder to make' })
      .option('exits', { type: 'string', describe: 'layers to exit at, e.g. 12,16,20' })
      .option('kind', { choices: MODEL_KINDS, describe: 'of a checkpoint without exits.json' })
      .option('precision', {
        choices: PRECISIONS,
        default: 'fp32' as Precision,
        describe: 'of the weights; fp32 links the checkpoint’s own, the others write a copy',
      })
      .option('replace', { type: 'boolean', default: false, describe: 'replace an existing folder' })
      .option('hash', {
        type: 'boolean',
        default: false,
        describe: 'hash the weights now, not before their first use',
      }),
  run: async ({ checkpoint, out, exits, kind, precision, replace, hash }, { stdout, stderr, signal }) => {
    const options = {
      precision,
      kind,
      replace,
      ...(exits === undefined ? {} : { exits: parseExits(exits) }),
    };
    const watch = { progress: progressOn(stderr), signal };
    const manifest = await importModel(checkpoint, out, options, watch);
    if (hash) await hashModel(out, manifest, watch);
    const { architecture, notes } = manifest;
    const found = `${manifest.kind}, ${architecture.layers} layers, exits ${manifest.exits.join(', ')}`;
    stdout.write(printable(`${out}: ${found}\n`));
    for (const note of notes) stdout.write(printable(`${note}\n`));
    return EXIT.done;
  },
});

function parseExits(list: string): number[] {
  const exits = list.split(',').map(Number);
  if (exits.every((exit) => Number.isInteger(exit) && exit > 0)) return exits;
  const expected = 'layer numbers separated by commas, such as 12,16,20';
  throw badOption('--exits', expected, JSON.stringify(list), 'Correct the list.');
}
