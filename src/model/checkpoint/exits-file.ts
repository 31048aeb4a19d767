import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { MODEL_KINDS, type ModelKind } from '../../core/domain.ts';
import { InputError } from '../../core/errors.ts';
import { type HeadsFile, readHeadsFile } from './heads/heads-file.ts';
import { readModelJson } from './model-json.ts';
import { isThere } from './regular-file.ts';

/** Contents of a checkpoint's exits.json, written by the training recipe. */
interface ExitsFile {
  readonly kind: ModelKind;
  readonly exits: readonly number[];
  /**
   * Early-exit only: relative path of the checkpoint whose layers and last head it uses. It may lead
   * anywhere, as the training recipe writes it, since one person makes both checkpoints; an absolute path
   * would break when they move.
   */
  readonly base?: string | undefined;
}

const exitsSchema = z.strictObject({
  kind: z.enum(MODEL_KINDS),
  exits: z.array(z.int().positive()).min(1),
  base: z
    .string()
    .refine((path) => !isAbsolute(path), 'an absolute path')
    .optional(),
});

/** What the caller of a checkpoint says about its exits. */
export interface ExitOptions {
  /** Layers at which sub-models end; otherwise exits.json's, otherwise the paper's. */
  readonly exits?: readonly number[] | undefined;
  /** Of a checkpoint without exits.json, or the one that it names; otherwise exits.json's, otherwise `plain`. */
  readonly kind?: ModelKind | undefined;
  /** Path of a heads.yaml: heads of exits in other files. The kind is then `early-exit`. */
  readonly heads?: string | undefined;
}

const REQUESTED = 'the requested exits';

/** Kind and exits of a checkpoint, and where its heads lie. */
export interface DecidedExits extends ExitsFile {
  readonly heads?: HeadsFile;
}

/** @throws InputError `bad-checkpoint`, `unknown-exit`, or `bad-option` for a kind that the checkpoint is not of */
export function decideExits(checkpoint: string, layers: number, options: ExitOptions): DecidedExits {
  if (options.heads !== undefined)
    return withHeads(checkpoint, layers, readHeadsFile(options.heads), options);
  const path = join(checkpoint, 'exits.json');
  const file = readExitsFile(checkpoint);
  if (file && options.kind && options.kind !== file.kind) throw otherKind(path, file.kind, options.kind);
  const exits = options.exits ?? file?.exits ?? defaultExits(layers);
  checkExits(exits, layers, options.exits ? REQUESTED : path);
  return { kind: options.kind ?? file?.kind ?? 'plain', exits, base: file?.base };
}

/** Exits that somebody gave heads to: those of heads.yaml, and full depth. The checkpoint's exits.json is about its own. */
function withHeads(
  checkpoint: string,
  layers: number,
  heads: HeadsFile,
  { exits, kind = 'early-exit' }: ExitOptions,
): DecidedExits {
  const path = join(checkpoint, 'exits.json');
  if (kind !== 'early-exit') throw otherKind(heads.path, 'early-exit', kind);
  if (readExitsFile(checkpoint)?.kind === 'early-exit') throw twoHeads(path);
  const named = [...heads.entries.keys()];
  checkExits(named, layers, heads.path);
  if (exits) checkExits(exits, layers, REQUESTED);
  return { kind, exits: exits ?? [...new Set([...named, layers])], heads };
}

function otherKind(where: string, expected: ModelKind, found: ModelKind): InputError {
  const fix = 'Leave the kind out, or correct the file.';
  return new InputError({ code: 'bad-option', where, expected: `kind ${expected}`, found, fix });
}

function twoHeads(where: string): InputError {
  return new InputError({
    code: 'bad-option',
    where,
    expected: 'a checkpoint without exit heads of its own beside heads.yaml',
    found: 'kind early-exit',
    fix: 'Give the checkpoint that it was trained from, or leave heads.yaml out.',
  });
}

/** The paper's exits: 30 % to 100 % of the depth in steps of 10 %; 12, 16 … 40 for 40 layers. */
export function defaultExits(layers: number): number[] {
  const shares = [3, 4, 5, 6, 7, 8, 9, 10];
  return [...new Set(shares.map((tenths) => Math.max(1, Math.round((layers * tenths) / 10))))];
}

/**
 * Reads a checkpoint's exits.json; a checkpoint without one is `plain`.
 * @throws InputError `bad-checkpoint`
 */
export function readExitsFile(checkpoint: string): ExitsFile | undefined {
  const path = join(checkpoint, 'exits.json');
  if (!isThere(path)) return undefined;
  const fix = 'Write it as scripts/train does: {"kind": "soft", "exits": [3, 4]}.';
  return readModelJson(path, exitsSchema, { fix });
}

/**
 * Exits ascend and lie between 1 and `layers`. They need not reach full depth; what refers to it says so.
 * @throws InputError `unknown-exit`
 */
export function checkExits(exits: readonly number[], layers: number, where: string): void {
  if (areAscending(exits) && exits.length > 0 && exits[0]! >= 1 && exits.at(-1)! <= layers) return;
  throw new InputError({
    code: 'unknown-exit',
    where,
    expected: `ascending layer numbers from 1 to ${layers}`,
    found: `[${exits.join(', ')}]`,
    fix: 'Name other exits.',
  });
}

/** Whether each exit is deeper than the one before it. */
export function areAscending(exits: readonly number[]): boolean {
  return exits.every((exit, index) => index === 0 || exit > exits[index - 1]!);
}
