import { readdirSync, readFileSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../src/core/sha256.ts';
import { openCheckpoint } from '../../src/model/checkpoint/checkpoint.ts';
import { fingerprint } from '../../src/model/folder/fingerprint.ts';
import { hashFiles } from '../../src/model/folder/hash-files.ts';
import { importCheckpoint } from '../../src/model/folder/import-checkpoint.ts';
import { subModelKey } from '../../src/model/folder/sub-model-key.ts';
import { PRECISIONS, type Precision } from '../../src/model/quantise/precision.ts';
import { writeVariant } from './variants.ts';

/**
 * What stored results and model folders hold on to: none of it may change for a network that can be imported.
 */
export interface ImportRecord {
  /** Content keys by exit. */
  readonly keys: Readonly<Record<string, string>>;
  /** sha256 of the graphs by file name. */
  readonly graphs: Readonly<Record<string, string>>;
}

export interface VariantRecord extends ImportRecord {
  /** Decides whether an import is still current. */
  readonly fingerprint: string;
}

/** The fingerprint holds the time of change, which differs from one writing to the next. */
const WRITTEN_AT = 1_700_000_000;

/** Writes a variant into `root` and imports it at every precision. */
export async function recordVariant(root: string, name: string): Promise<Record<Precision, VariantRecord>> {
  const checkpoint = writeVariant(root, name);
  const opened = openCheckpoint(checkpoint);
  for (const { path } of opened.files) utimesSync(path, WRITTEN_AT, WRITTEN_AT);
  const records = PRECISIONS.map(async (precision) => {
    const record = await recordImport(join(root, `${name}-${precision}`), checkpoint, precision);
    return [precision, { ...record, fingerprint: fingerprint(opened, precision) }];
  });
  return Object.fromEntries(await Promise.all(records));
}

/** Imports a checkpoint into the folder `out`, which it removes again. */
export async function recordImport(
  out: string,
  checkpoint: string,
  precision: Precision,
): Promise<ImportRecord> {
  const manifest = await hashFiles(out, importCheckpoint(checkpoint, out, { precision }));
  const graphs = readdirSync(out).filter((name) => name.endsWith('.onnx'));
  const record = {
    keys: Object.fromEntries(manifest.exits.map((exit) => [exit, subModelKey(manifest, exit)])),
    graphs: Object.fromEntries(graphs.sort().map((name) => [name, sha256(readFileSync(join(out, name)))])),
  };
  rmSync(out, { recursive: true });
  return record;
}
