/** heads.yaml: where the heads and norms of exits lie that somebody else trained. */
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { checkSchema, readText } from '../../../data/json-file.ts';
import { MAX_YAML_BYTES, parsePlainYaml } from '../../../data/plain-yaml.ts';

/** A tensor by the name that it has in its file; `file` is an absolute path. */
export interface NamedTensor {
  readonly file: string;
  readonly tensor: string;
}

/** What an exit has of its own; the rest is the network's. */
interface ExitEntry {
  readonly head?: NamedTensor;
  readonly norm?: NamedTensor;
}

export interface HeadsFile {
  readonly path: string;
  /** By exit, rising. */
  readonly entries: ReadonlyMap<number, ExitEntry>;
}

const FIX =
  'Write for each exit what it has of its own: `12: {file: exit12.safetensors, tensor: lm_head.weight, norm: {tensor: norm.weight}}`.';

const name = z.string().min(1);
const norm = z.strictObject({ tensor: name, file: name.optional() });
const withHead = z.strictObject({ file: name, tensor: name, norm: norm.optional() });
const withoutHead = z.strictObject({ norm: z.strictObject({ file: name, tensor: name }) });
const headsSchema = z
  .record(z.string().regex(/^[1-9]\d{0,5}$/, 'an exit (a number of layers)'), z.unknown())
  .refine((entries) => Object.keys(entries).length > 0, 'at least one exit');

/**
 * Reads heads.yaml. Files in it are relative to it; a norm without a file lies in that of its head.
 * @throws InputError `not-found`, `not-readable` or `bad-config` naming the exit
 */
export function readHeadsFile(path: string): HeadsFile {
  const text = readText(path, FIX, MAX_YAML_BYTES);
  const entries = check(parsePlainYaml(text, { path, fix: FIX }), headsSchema, path);
  return {
    path,
    entries: new Map(
      Object.entries(entries).map(([exit, entry]) => [Number(exit), readEntry(entry, exit, path)]),
    ),
  };
}

function readEntry(entry: unknown, exit: string, path: string): ExitEntry {
  const inFolder = (file: string, tensor: string) => ({ file: resolve(dirname(path), file), tensor });
  const where = `${path}: ${exit}`;
  if (!hasHead(entry)) {
    const { norm: own } = check(entry, withoutHead, where);
    return { norm: inFolder(own.file, own.tensor) };
  }
  const { file, tensor, norm: own } = check(entry, withHead, where);
  return { head: inFolder(file, tensor), ...(own && { norm: inFolder(own.file ?? file, own.tensor) }) };
}

/** A norm alone goes with the network's own head. */
function hasHead(entry: unknown): boolean {
  const isObject = typeof entry === 'object' && entry !== null;
  return !isObject || !('norm' in entry) || 'file' in entry || 'tensor' in entry;
}

function check<S extends z.ZodType>(value: unknown, schema: S, path: string): z.output<S> {
  return checkSchema(value, schema, { path, fix: FIX, code: 'bad-config' });
}
