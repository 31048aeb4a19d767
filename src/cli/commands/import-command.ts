import { MODEL_KINDS } from '../../core/domain.ts';
import { checkpointPath } from '../../model/checkpoint/hub-cache.ts';
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
  command: 'import <checkpoint> [out]',
  describe: 'import a Hugging Face checkpoint, or a LoRA adapter with its base, as a model folder',
  builder: (args) =>
    args
      .positional('checkpoint', {
        type: 'string',
        demandOption: true,
        describe: 'folder of a checkpoint, or of a LoRA adapter',
      })
      .positional('out', { type: 'string', describe: 'model folder to make' })
      .option('exits', { type: 'string', describe: 'layers to exit at, e.g. 12,16,20' })
      .option('kind', { choices: MODEL_KINDS, describe: 'of a checkpoint without exits.json' })
      .option('heads', { type: 'string', describe: 'heads.yaml: files with heads and norms of exits' })
      .option('base', {
        type: 'string',
        describe: 'checkpoint that an adapter was trained on',
      })
      .option('precision', {
        choices: PRECISIONS,
        default: 'fp32' as Precision,
        describe: 'of the weights; fp32 links the checkpoint’s own, the others write a copy',
      })
      .option('replace', { type: 'boolean', default: false, describe: 'replace an existing folder' })
      .option('link-only', {
        type: 'boolean',
        default: false,
        describe: 'refuse to copy weights that cannot be linked',
      })
      .option('hash', {
        type: 'boolean',
        default: false,
        describe: 'hash the weights now, not before their first use',
      }),
  run: async (
    { exits, kind, heads, precision, replace, hash, 'link-only': linkOnly, ...places },
    { stdout, stderr, signal },
  ) => {
    const { checkpoint, out, base } = placesIn(places);
    const at = (name: string) => checkpointPath('.', name);
    const options = {
      exits: exits === undefined ? undefined : parseExits(exits),
      kind,
      heads,
      base: base === undefined ? undefined : at(base),
      precision,
      replace,
      linkOnly,
    };
    const watch = { progress: progressOn(stderr), signal };
    const manifest = await importModel(at(checkpoint), out, options, watch);
    if (hash) await hashModel(out, manifest, watch);
    const { architecture, notes } = manifest;
    const found = `${manifest.kind}, ${architecture.layers} layers, exits ${manifest.exits.join(', ')}`;
    stdout.write(printable(`${out}: ${found}\n`));
    for (const note of notes) stdout.write(printable(`${note}\n`));
    return EXIT.done;
  },
});

interface Places {
  readonly checkpoint: string;
  readonly out?: string | undefined;
  readonly base?: string | undefined;
}

/**
 * `import <checkpoint> <out>`, or `import <adapter> <out> --base <checkpoint>`. In earlier versions `<out>` stood alone beside
 * `--base` and `--heads`.
 */
function placesIn({ checkpoint, out, base }: Places) {
  if (out !== undefined) return { checkpoint, out, base };
  const fix =
    'Give import <checkpoint> <out>, import <adapter> <out> --base <checkpoint>, or import <checkpoint> <out> --heads heads.yaml.';
  throw badOption('import', 'a checkpoint or adapter, and the model folder to make', 'one folder', fix);
}

function parseExits(list: string): number[] {
  const exits = list.split(',').map(Number);
  if (exits.every((exit) => Number.isInteger(exit) && exit > 0)) return exits;
  const expected = 'layer numbers separated by commas, such as 12,16,20';
  throw badOption('--exits', expected, JSON.stringify(list), 'Correct the list.');
}
