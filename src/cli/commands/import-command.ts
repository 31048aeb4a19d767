import type { CommandModule } from 'yargs';
import { InputError } from '../../core/errors.ts';
import { PRECISIONS, type Precision } from '../../model/quantise/precision.ts';
import { hashModel } from '../../sources/hash-model.ts';
import { importModel } from '../../sources/import-model.ts';
import { progressOn } from '../../terminal/progress-bars.ts';
import type { Terminal } from '../cli.ts';

type ImportArguments = {
  checkpoint: string;
  out: string;
  exits: string | undefined;
  precision: Precision;
  replace: boolean;
  hash: boolean;
};

/** `sorted-eval import <checkpoint> <out>` */
export function importCommand({ stdout, stderr, signal }: Terminal): CommandModule<object, ImportArguments> {
  return {
    command: 'import <checkpoint> <out>',
    describe: 'turn a Hugging Face LLaMA checkpoint into a model folder',
    builder: (args) =>
      args
        .positional('checkpoint', { type: 'string', demandOption: true, describe: 'checkpoint folder' })
        .positional('out', { type: 'string', demandOption: true, describe: 'model folder to make' })
        .option('exits', { type: 'string', describe: 'layers to exit at, e.g. 12,16,20' })
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
    handler: async ({ checkpoint, out, exits, precision, replace, hash }) => {
      const options = { precision, replace, ...(exits === undefined ? {} : { exits: parseExits(exits) }) };
      const watch = { progress: progressOn(stderr), signal };
      const manifest = await importModel(checkpoint, out, options, watch);
      if (hash) await hashModel(out, manifest, watch);
      const { kind, architecture, exits: imported, notes } = manifest;
      stdout.write(`${out}: ${kind}, ${architecture.layers} layers, exits ${imported.join(', ')}\n`);
      for (const note of notes) stdout.write(`${note}\n`);
    },
  };
}

function parseExits(text: string): number[] {
  const exits = text.split(',').map(Number);
  if (exits.every((exit) => Number.isInteger(exit) && exit > 0)) return exits;
  throw new InputError({
    code: 'bad-option',
    where: '--exits',
    expected: 'layer numbers separated by commas, such as 12,16,20',
    found: JSON.stringify(text),
    fix: 'Correct the list.',
  });
}
