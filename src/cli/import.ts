import type { CommandModule } from 'yargs';
import { InputError } from '../errors.ts';
import { importCheckpoint } from '../model/import.ts';
import type { Terminal } from './main.ts';

type ImportArguments = { checkpoint: string; out: string; exits: string | undefined; replace: boolean };

/** `sorted-eval import <checkpoint> <out>` */
export function importCommand({ stdout }: Terminal): CommandModule<object, ImportArguments> {
  return {
    command: 'import <checkpoint> <out>',
    describe: 'turn a Hugging Face LLaMA checkpoint into a model folder',
    builder: (args) =>
      args
        .positional('checkpoint', { type: 'string', demandOption: true, describe: 'checkpoint folder' })
        .positional('out', { type: 'string', demandOption: true, describe: 'model folder to make' })
        .option('exits', { type: 'string', describe: 'layers to exit at, e.g. 12,16,20' })
        .option('replace', { type: 'boolean', default: false, describe: 'replace an existing folder' }),
    handler: ({ checkpoint, out, exits, replace }) => {
      const options = { replace, ...(exits === undefined ? {} : { exits: parseExits(exits) }) };
      const { kind, architecture, exits: imported, notes } = importCheckpoint(checkpoint, out, options);
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
