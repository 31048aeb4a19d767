import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { removeLeftoversOf } from '../../core/leftovers.ts';
import { type ImportChoice, openForImport } from '../adapter/open-adapted.ts';
import type { Precision } from '../quantise/precision.ts';
import { decideTokenizer } from '../tokenizer/tokenizer-notes.ts';
import { alreadyThere, notWritable } from './import-errors.ts';
import { isModelFolder, type Manifest } from './manifest.ts';
import type { PlaceOptions, WeightsStep } from './weights/place-weights.ts';
import { writeFolder } from './write-folder.ts';

export interface ImportOptions extends ImportChoice, Pick<PlaceOptions, 'linkOnly'> {
  /** `fp32` by default. */
  readonly precision?: Precision;
  /** Replace an existing folder. */
  readonly replace?: boolean;
}

/** How to watch and to stop an import that writes weights. */
export interface ImportWatch extends Pick<PlaceOptions, 'onNote'> {
  readonly signal?: AbortSignal;
  /** Called after every piece of weights that was copied, merged or quantised. */
  readonly onStep?: (step: WeightsStep) => void;
}

/**
 * Turns a Hugging Face checkpoint, or a LoRA adapter with its base, into a model folder. At fp32 its graphs point into
 * the checkpoint's own files of weights, which are hard-linked (copied across file systems), and only what an adapter
 * changes is written; otherwise a quantised copy of the weights is. The folder appears whole or not at all.
 * @throws InputError when the checkpoint does not fit or the folder cannot be written
 */
export function importCheckpoint(source: string, out: string, options: ImportOptions = {}): Manifest {
  const steps = importInSteps(source, out, options);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * The same without blocking other work.
 * @throws InputError as above; the signal's reason when it is aborted
 */
export async function importWatched(
  source: string,
  out: string,
  { signal, onStep, ...options }: ImportOptions & ImportWatch,
): Promise<Manifest> {
  const steps = importInSteps(source, out, options);
  for (let step = steps.next(); ; step = signal?.aborted ? steps.throw(signal.reason) : steps.next()) {
    if (step.done) return step.value;
    onStep?.(step.value);
    await setImmediate();
  }
}

function* importInSteps(
  source: string,
  out: string,
  { precision = 'fp32', ...options }: ImportOptions & ImportWatch,
): Generator<WeightsStep, Manifest> {
  const checkpoint = openForImport(source, options);
  const tokenizer = decideTokenizer(checkpoint.folder);
  // Replacing deletes, so it must not hit a checkpoint or a folder of something else.
  if (existsSync(out) && !(options.replace && isModelFolder(out)))
    throw alreadyThere(out, options.replace === true);
  const partial = `${resolve(out)}.partial-${process.pid}`;
  try {
    removeLeftoversOf(dirname(partial), basename(resolve(out)));
    mkdirSync(partial, { recursive: true });
    const manifest = yield* writeFolder(checkpoint, tokenizer, partial, { precision, ...options });
    rmSync(out, { recursive: true, force: true });
    renameSync(partial, out);
    return manifest;
  } catch (cause) {
    throw (cause as NodeJS.ErrnoException).syscall ? notWritable(out, cause) : cause;
  } finally {
    if (existsSync(partial)) rmSync(partial, { recursive: true });
  }
}
