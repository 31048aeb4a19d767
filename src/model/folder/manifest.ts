import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { MODEL_KINDS } from '../../core/domain.ts';
import { InputError } from '../../core/errors.ts';
import { architectureSchema } from '../checkpoint/architecture.ts';
import { isPlainFileName, isThere } from '../checkpoint/regular-file.ts';
import { PRECISIONS } from '../quantise/precision.ts';

export const MANIFEST_FILE = 'model.json';
/**
 * The checkpoint's config.json, for `extract`. Under its own name transformers would take the folder for a checkpoint, and
 * read the base of an adapter instead of what was merged.
 */
export const SOURCE_CONFIG = 'source-config.json';
const FORMAT = 1;
/** Raise it when the graphs or their inputs compute something else. Part of every content key. */
export const GRAPH_VERSION = 5;

const count = z.int().positive();
/** A model folder reads nothing outside itself. */
const fileName = z.string().refine(isPlainFileName, 'not a plain file name');

const place = { tensor: z.string(), file: fileName, offset: z.int().nonnegative(), bytes: count };
const floatPlace = z.strictObject({
  ...place,
  dtype: z.enum(['F32', 'F16', 'BF16']),
  shape: z.array(count),
});
/** See `QuantisedPlace`. A head always has 8 bits. */
const quantisedPlace = z.strictObject({
  ...place,
  dtype: z.literal('int8'),
  shape: z.tuple([count, count]),
  scalesOffset: z.int().nonnegative(),
});

export const manifestSchema = z.strictObject({
  format: z.literal(FORMAT),
  graphVersion: z.literal(GRAPH_VERSION),
  kind: z.enum(MODEL_KINDS),
  precision: z.enum(PRECISIONS),
  architecture: architectureSchema,
  exits: z.array(count),
  /** Exits with a head or a norm that heads.yaml named; missing where heads are as early-exit training makes them. */
  exitHeads: z.strictObject({ heads: z.array(count), norms: z.array(count) }).optional(),
  eosTokenIds: z.array(z.int()),
  /** Begins prompts where config.json and the tokenizer's files differ; see `decideFirstToken`. */
  bosTokenId: z.int().nonnegative().optional(),
  /** `weights`: the files of weights that the segment's graph points into. */
  segments: z.array(z.strictObject({ file: fileName, exit: count, weights: z.array(fileName) })),
  heads: z.array(
    z.strictObject({
      file: fileName,
      exits: z.array(count),
      norm: floatPlace,
      head: z.discriminatedUnion('dtype', [floatPlace, quantisedPlace]),
    }),
  ),
  /**
   * Graphs at full depth, for beam search; their weights are those of the segments and the last head. Missing where
   * the exits end before full depth.
   */
  beams: z.strictObject({ layers: fileName, head: fileName }).optional(),
  /** sha256 of weights is null until their first use; size and mtime show whether it still holds. */
  files: z.record(
    fileName,
    z.strictObject({ bytes: z.int(), mtimeMs: z.number(), sha256: z.string().nullable() }),
  ),
  /** The file whose tensors stand in for those of the same name in the others: what an adapter made of them. */
  merged: fileName.optional(),
  /** What the import decided about unusual keys of config.json, for people to read. */
  notes: z.array(z.string()),
  source: z.strictObject({
    folder: z.string(),
    fingerprint: z.string(),
    /** Missing in folders of earlier versions. */
    sample: z.string().optional(),
    /** Folder of the LoRA that was merged into the checkpoint in `folder`. */
    adapter: z.string().optional(),
  }),
});

export type Manifest = z.output<typeof manifestSchema>;
export type ManifestHead = Manifest['heads'][number];
export type ManifestWeight = ManifestHead['head'];

/** Whether a folder is an import: a checkpoint has no model.json. */
export const isModelFolder = (folder: string) => isThere(join(folder, MANIFEST_FILE));

/** A process that is killed meanwhile leaves the old manifest or the new one, never half of one. */
export function writeManifest(folder: string, manifest: Manifest): void {
  const partial = join(folder, `${MANIFEST_FILE}.partial-${process.pid}`);
  try {
    writeFileSync(partial, `${JSON.stringify(manifest, null, 2)}\n`);
    renameSync(partial, join(folder, MANIFEST_FILE));
  } catch (error) {
    // On a full disk half of it may be there.
    rmSync(partial, { force: true });
    throw error;
  }
}

/** Layers of the deepest exit: no graph of the segments has more. */
export const depthOf = ({ exits }: Pick<Manifest, 'exits'>) => exits.at(-1)!;

/** Whether the deepest exit is the whole network. */
export function reachesFullDepth(manifest: Pick<Manifest, 'exits' | 'architecture'>): boolean {
  return depthOf(manifest) === manifest.architecture.layers;
}

/** For what refers to the whole network: a judge, the default reference of a KL curve. */
export function withoutFullDepth({ exits, architecture }: Manifest, where: string): InputError {
  const { layers } = architecture;
  return new InputError({
    code: 'unknown-exit',
    where,
    expected: `full depth (exit ${layers}) among the exits`,
    found: `[${exits.join(', ')}]`,
    fix: `Add ${layers} to its exits, in \`exits\` of the sweep file, exits.json or \`import --exits\`.`,
  });
}

/**
 * The head of an exit.
 * @throws InputError `unknown-exit`
 */
export function headOfExit(manifest: Manifest, exit: number, where: string): ManifestHead {
  const head = manifest.heads.find((candidate) => candidate.exits.includes(exit));
  if (head) return head;
  throw new InputError({
    code: 'unknown-exit',
    where,
    expected: `one of the exits ${manifest.exits.join(', ')}`,
    found: `${exit}`,
    fix: 'Name one of these, or import again with --exits.',
  });
}
