/** What a model folder or a checkpoint must hold to be used. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { InputError } from '../core/errors.ts';
import type { Progress } from '../core/progress.ts';
import { startBytes } from '../core/progress.ts';
import { sha256 } from '../core/sha256.ts';
import { isThere } from '../model/checkpoint/regular-file.ts';
import type { WeightsFile } from '../model/checkpoint/weights/tensor-place.ts';
import { describeModel, type ModelDescription } from '../model/folder/describe.ts';
import { isModelFolder } from '../model/folder/manifest.ts';
import { readManifest } from '../model/folder/read-manifest.ts';
import { totalSize } from '../model/folder/sizes/sub-model-sizes.ts';
import { openTokenizer } from '../model/tokenizer/tokenizer.ts';
import type { CheckRecord } from '../store/tables/score-table.ts';
import { exitChecks } from './check-exits.ts';
import { memoryText } from './check-memory.ts';
import { check } from './check-result.ts';
import { inspectWeights, type WeightsReport } from './check-weights.ts';

const FIX = 'Import the checkpoint again: sorted-eval import <checkpoint> <folder> --replace.';

interface FolderOptions {
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/** @throws InputError `not-found` for a folder that is neither; the signal's reason when it is aborted */
export async function folderChecks(folder: string, options: FolderOptions): Promise<CheckRecord[]> {
  requireModel(folder);
  const { record, value: model } = await described(folder);
  if (!model) return [record];
  const reports = new Map<string, WeightsReport>();
  const general = [
    record,
    await check('weights', () => finiteWeights(model, reports, options)),
    await check('tokenizer', () => tokenizer(folder)),
    ...(model.notes.length > 0 ? [await check('notes', () => model.notes.join('; '))] : []),
  ];
  const memory = await check('memory', () => memoryText({ precision: model.precision, ...totalSize(model) }));
  if (model.form === 'checkpoint') return [...general, memory];
  const hashes = await check('sha256', () => unchangedFiles(folder, reports));
  return [...general, hashes, memory, ...(await exitChecks(folder))];
}

function requireModel(folder: string): void {
  if (isModelFolder(folder) || isThere(join(folder, 'config.json'))) return;
  throw new InputError({
    code: 'not-found',
    where: folder,
    expected: 'a model folder (with model.json) or a checkpoint (with config.json)',
    found: isThere(folder) ? 'neither' : 'no such folder',
    fix: 'Check the path.',
  });
}

/** Sizes, shapes, exits and graphs are checked when a model is described. */
async function described(folder: string): Promise<{ record: CheckRecord; value?: ModelDescription }> {
  let value: ModelDescription | undefined;
  const record = await check('files', () => {
    value = describeModel(folder);
    const { form, kind, architecture, exits } = value;
    return `${form}, ${kind}, ${architecture.layers} layers, ${exits.length} exits`;
  });
  return value ? { record, value } : { record };
}

/** Adds what each file holds to `reports`. */
async function finiteWeights(
  { files }: ModelDescription,
  reports: Map<string, WeightsReport>,
  options: FolderOptions,
): Promise<string> {
  await readWeights(files, reports, options);
  const damaged = [...reports].flatMap(([file, report]) =>
    [...report.damaged].map(([tensor, count]) => ({ file, text: `${tensor} (${count} in ${file})` })),
  );
  if (damaged.length === 0) return 'all numbers are finite';
  const more = damaged.length > 3 ? ` and ${damaged.length - 3} more tensors` : '';
  throw new InputError({
    code: 'bad-checkpoint',
    where: damaged[0]!.file,
    expected: 'finite numbers',
    found: `NaN or infinity in ${damaged
      .slice(0, 3)
      .map(({ text }) => text)
      .join(', ')}${more}`,
    fix: 'Download or train the checkpoint again.',
  });
}

async function readWeights(
  files: readonly WeightsFile[],
  reports: Map<string, WeightsReport>,
  { progress, signal }: FolderOptions,
): Promise<void> {
  const bytes = files.reduce((sum, { fileBytes }) => sum + fileBytes, 0);
  const task = startBytes(progress, 'Reading weights', bytes);
  const reading = { onBytes: task.advance, ...(signal && { signal }) };
  try {
    for (const { path } of files) reports.set(basename(path), await inspectWeights(path, reading));
  } finally {
    task.end();
  }
}

function tokenizer(folder: string): string {
  const ids = openTokenizer(folder).encode('Hello');
  return `encodes “Hello” as ${ids.join(', ')}`;
}

/** Compares with model.json; files that were never hashed have nothing to compare with. */
function unchangedFiles(folder: string, reports: ReadonlyMap<string, WeightsReport>): string {
  const files = Object.entries(readManifest(folder).files);
  const hashed = files.filter(([, { sha256: expected }]) => expected !== null);
  const changed = hashed.filter(([name, { sha256: expected }]) => {
    return (reports.get(name)?.sha256 ?? sha256(readFileSync(join(folder, name)))) !== expected;
  });
  const unhashed = files.length - hashed.length;
  const rest = unhashed > 0 ? `, ${unhashed} not hashed yet` : '';
  if (changed.length === 0) return `${hashed.length} files match model.json${rest}`;
  throw new InputError({
    code: 'bad-checkpoint',
    where: changed.map(([name]) => name).join(', '),
    expected: 'the sha256 that model.json holds',
    found: 'other bytes',
    fix: FIX,
  });
}
