import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { MODEL_KINDS } from '../../core/domain.js';
import { InputError } from '../../core/errors.js';
import { architectureSchema } from '../checkpoint/architecture.js';
import { isPlainFileName } from '../checkpoint/regular-file.js';
import { PRECISIONS } from '../quantise/precision.js';
export const MANIFEST_FILE = 'model.json';
const FORMAT = 1;
/** Rises when the graphs or what they are fed compute something else; part of every content key. */
export const GRAPH_VERSION = 5;
const count = z.int().positive();
/** A model folder reads nothing outside itself. */
const fileName = z.string().refine(isPlainFileName, 'a name that is no plain file name');
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
    eosTokenIds: z.array(z.int()),
    /** `weights`: the safetensors files that the segment's graph points into. */
    segments: z.array(z.strictObject({ file: fileName, exit: count, weights: z.array(fileName) })),
    heads: z.array(z.strictObject({
        file: fileName,
        exits: z.array(count),
        norm: floatPlace,
        head: z.discriminatedUnion('dtype', [floatPlace, quantisedPlace]),
    })),
    /** Graphs at full depth, for beam search; their weights are those of the segments and the last head. */
    beams: z.strictObject({ layers: fileName, head: fileName }),
    /** sha256 of weights is null until their first use; size and mtime tell whether it is still true. */
    files: z.record(fileName, z.strictObject({ bytes: z.int(), mtimeMs: z.number(), sha256: z.string().nullable() })),
    /** What the import decided about unusual keys of config.json, for people to read. */
    notes: z.array(z.string()),
    source: z.strictObject({ folder: z.string(), fingerprint: z.string() }),
});
/** A process that is killed meanwhile leaves the old manifest or the new one, never half of one. */
export function writeManifest(folder, manifest) {
    const partial = join(folder, `${MANIFEST_FILE}.partial-${process.pid}`);
    writeFileSync(partial, `${JSON.stringify(manifest, null, 2)}\n`);
    renameSync(partial, join(folder, MANIFEST_FILE));
}
/**
 * The head that an exit answers with.
 * @throws InputError `unknown-exit`
 */
export function headOfExit(manifest, exit, where) {
    const head = manifest.heads.find((candidate) => candidate.exits.includes(exit));
    if (head)
        return head;
    throw new InputError({
        code: 'unknown-exit',
        where,
        expected: `one of the exits ${manifest.exits.join(', ')}`,
        found: `${exit}`,
        fix: 'Name one of these, or import again with --exits.',
    });
}
