import { existsSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readJsonFile } from '../data/json-file.ts';
import { InputError } from '../errors.ts';
import { ropeScalingSchema } from './rope-scaling.ts';

export const MANIFEST_FILE = 'model.json';
const FORMAT = 1;
/** Rises when the graphs or what they are fed compute something else; part of every content key. */
export const GRAPH_VERSION = 3;

const count = z.int().positive();

const weightPlace = z.strictObject({
  tensor: z.string(),
  file: z.string(),
  dtype: z.enum(['F32', 'F16', 'BF16']),
  shape: z.array(count),
  offset: z.int().nonnegative(),
  bytes: count,
});

const manifestSchema = z.strictObject({
  format: z.literal(FORMAT),
  graphVersion: z.literal(GRAPH_VERSION),
  kind: z.enum(['sft', 'soft', 'early-exit', 'plain']),
  precision: z.enum(['fp32']),
  architecture: z.strictObject({
    layers: count,
    hiddenSize: count,
    heads: count,
    kvHeads: count,
    headDim: count,
    intermediateSize: count,
    vocabSize: count,
    rmsNormEps: z.number(),
    ropeTheta: z.number(),
    ropeScaling: ropeScalingSchema.nullable(),
    contextLength: count,
    tiedHead: z.boolean(),
    attentionBias: z.boolean(),
    mlpBias: z.boolean(),
  }),
  exits: z.array(count),
  eosTokenIds: z.array(z.int()),
  /** `weights`: the safetensors files that the segment's graph points into. */
  segments: z.array(z.strictObject({ file: z.string(), exit: count, weights: z.array(z.string()) })),
  heads: z.array(
    z.strictObject({ file: z.string(), exits: z.array(count), norm: weightPlace, head: weightPlace }),
  ),
  /** Graphs of one beam search step at full depth; their weights are those of the last segment and head. */
  beams: z.strictObject({ layers: z.string(), head: z.string() }),
  /** sha256 of weights is null until their first use; size and mtime tell whether it is still true. */
  files: z.record(
    z.string(),
    z.strictObject({ bytes: z.int(), mtimeMs: z.number(), sha256: z.string().nullable() }),
  ),
  /** What the import decided about unusual keys of config.json, for people to read. */
  notes: z.array(z.string()),
  source: z.strictObject({ folder: z.string(), fingerprint: z.string() }),
});

export type Manifest = z.output<typeof manifestSchema>;
export type ManifestWeight = z.output<typeof weightPlace>;
export type ManifestHead = Manifest['heads'][number];

/**
 * Reads model.json and checks that every file that it names is there at its size.
 * @throws InputError `not-found`, `not-json`, `bad-schema` or `bad-checkpoint`
 */
export function readManifest(folder: string): Manifest {
  const path = join(folder, MANIFEST_FILE);
  const fix = 'Import the checkpoint again: sorted-eval import <checkpoint> <folder>.';
  const manifest = readJsonFile(path, manifestSchema, { fix, code: 'bad-schema' });
  for (const [name, { bytes }] of Object.entries(manifest.files)) {
    const file = join(folder, name);
    const found = existsSync(file) ? `${statSync(file).size} bytes` : 'nothing';
    if (found !== `${bytes} bytes`) {
      throw new InputError({ code: 'bad-checkpoint', where: file, expected: `${bytes} bytes`, found, fix });
    }
  }
  return manifest;
}

/** A process that is killed meanwhile leaves the old manifest or the new one, never half of one. */
export function writeManifest(folder: string, manifest: Manifest): void {
  const partial = join(folder, `${MANIFEST_FILE}.partial-${process.pid}`);
  writeFileSync(partial, `${JSON.stringify(manifest, null, 2)}\n`);
  renameSync(partial, join(folder, MANIFEST_FILE));
}

/**
 * The head that an exit answers with.
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
