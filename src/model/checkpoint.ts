import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { z } from 'zod';
import { readJsonFile } from '../data/json-file.ts';
import type { ModelKind } from '../domain.ts';
import { InputError } from '../errors.ts';
import {
  type Architecture,
  architectureOf,
  checkConfig,
  eosIdList,
  generationConfigSchema,
} from './architecture.ts';
import { checkExits, defaultExits, readExitsFile } from './exits.ts';
import { refuseAdapter, refusePickledWeights } from './other-formats.ts';
import { BYTES_PER_ELEMENT, readSafetensorsHeader, type SafetensorsFile } from './safetensors.ts';
import { notesOn } from './supported.ts';
import { expectedTensors } from './tensor-names.ts';

/** One tensor of a checkpoint: which safetensors file, and where in it. */
export interface CheckpointTensor {
  /** Absolute path of the safetensors file. */
  readonly file: string;
  readonly dtype: keyof typeof BYTES_PER_ELEMENT;
  readonly shape: readonly number[];
  readonly offset: number;
  readonly bytes: number;
}

/** A Hugging Face LLaMA checkpoint whose names, shapes and dtypes fit its config.json. Weights are not read. */
export interface Checkpoint {
  readonly folder: string;
  readonly kind: ModelKind;
  readonly architecture: Architecture;
  readonly exits: readonly number[];
  readonly eosTokenIds: readonly number[];
  /** What was decided about unusual keys of config.json. */
  readonly notes: readonly string[];
  readonly files: readonly SafetensorsFile[];
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
}

const indexSchema = z.looseObject({ weight_map: z.record(z.string(), z.string()) });

/**
 * Opens a checkpoint folder: config.json, one or many safetensors files, exits.json and the early-exit heads.
 * @throws InputError naming the file, tensor or key that does not fit
 */
export function openCheckpoint(folder: string, exitsOption?: readonly number[]): Checkpoint {
  refuseAdapter(folder);
  const path = join(folder, 'config.json');
  const fix = 'Give the folder of a Hugging Face checkpoint.';
  const config = checkConfig(readJsonFile(path, z.unknown(), { fix, code: 'bad-checkpoint' }), path);
  const architecture = architectureOf(config, path);
  const exitsFile = readExitsFile(folder);
  const exits = exitsOption ?? exitsFile?.exits ?? defaultExits(architecture.layers);
  checkExits(exits, architecture.layers, exitsOption ? 'the exits asked for' : join(folder, 'exits.json'));
  const kind = exitsFile?.kind ?? 'plain';
  const files = weightFiles(folder, kind, exitsFile?.base).map(readSafetensorsHeader);
  const tensors = collectTensors(files);
  const expected = expectedTensors(architecture, kind === 'early-exit' ? exits : []);
  for (const [name, shape] of expected) checkTensor(tensors.get(name), name, shape, folder);
  refuseUnread(tensors, expected);
  return {
    folder,
    kind,
    architecture,
    exits,
    eosTokenIds: readEosIds(folder, config.eos_token_id),
    notes: notesOn(config, architecture.contextLength),
    files,
    tensors: tensors as ReadonlyMap<string, CheckpointTensor>,
  };
}

/** An early-exit checkpoint has heads of its own; its layers lie in the checkpoint that it was trained from. */
function weightFiles(folder: string, kind: ModelKind, base: string | undefined): string[] {
  if (kind !== 'early-exit') return layerFiles(folder);
  const layers = layerFiles(base === undefined ? folder : resolve(folder, base));
  return [...layers, join(folder, 'exit_heads.safetensors')];
}

function layerFiles(folder: string): string[] {
  const indexPath = join(folder, 'model.safetensors.index.json');
  if (!existsSync(indexPath)) return [onlyFile(folder)];
  const fix = 'Download the index again.';
  const index = readJsonFile(indexPath, indexSchema, { fix, code: 'bad-checkpoint' });
  const names = [...new Set(Object.values(index.weight_map))].sort();
  for (const name of names) checkShardName(name, indexPath);
  return names.map((name) => join(folder, name));
}

function onlyFile(folder: string): string {
  const path = join(folder, 'model.safetensors');
  if (!existsSync(path)) refusePickledWeights(folder);
  return path;
}

/** A shard's name comes from a foreign file: it must not lead out of the folder. */
function checkShardName(name: string, indexPath: string): void {
  if (name === basename(name) && name.endsWith('.safetensors')) return;
  throw new InputError({
    code: 'bad-checkpoint',
    where: `${indexPath}: weight_map`,
    expected: 'the name of a .safetensors file in the same folder',
    found: JSON.stringify(name),
    fix: 'Download the index again.',
  });
}

function collectTensors(files: readonly SafetensorsFile[]) {
  const tensors = new Map<string, SafetensorsTensor>();
  for (const file of files) {
    for (const [name, place] of file.tensors) {
      const earlier = tensors.get(name);
      if (earlier) throw duplicateTensor(name, earlier.file, file.path);
      tensors.set(name, { ...place, file: file.path });
    }
  }
  return tensors;
}

type SafetensorsTensor = Omit<CheckpointTensor, 'dtype'> & { readonly dtype: string };

function duplicateTensor(name: string, first: string, second: string): InputError {
  return new InputError({
    code: 'bad-checkpoint',
    where: `${second}: ${name}`,
    expected: 'each tensor in one file',
    found: `it in ${basename(first)} too`,
    fix: 'Download the checkpoint again.',
  });
}

function checkTensor(
  tensor: SafetensorsTensor | undefined,
  name: string,
  shape: readonly number[],
  folder: string,
): void {
  const expected = `${Object.keys(BYTES_PER_ELEMENT).join(', ')} of shape [${shape.join(', ')}]`;
  const fits =
    tensor !== undefined && tensor.dtype in BYTES_PER_ELEMENT && String(tensor.shape) === String(shape);
  if (fits) return;
  throw new InputError({
    code: 'bad-checkpoint',
    where: `${tensor?.file ?? folder}: ${name}`,
    expected,
    found: tensor ? `${tensor.dtype} [${tensor.shape.join(', ')}]` : 'no such tensor',
    fix: 'Check that config.json and the weights belong together.',
  });
}

/** A weight of a layer that no graph would read (a bias, a further layer) means that this is another network. */
function refuseUnread(
  tensors: ReadonlyMap<string, SafetensorsTensor>,
  expected: ReadonlyMap<string, unknown>,
): void {
  for (const [name, { file }] of tensors) {
    // Old checkpoints hold the rotary frequencies, which rope_theta determines.
    if (expected.has(name) || !name.startsWith('model.layers.') || name.endsWith('.inv_freq')) continue;
    throw new InputError({
      code: 'unsupported-model',
      where: `${file}: ${name}`,
      expected: 'only the weights of the LLaMA network that config.json describes',
      found: 'one that would be left out',
      fix: 'Check that config.json and the weights belong together.',
    });
  }
}

/** generation_config.json may name more ends than config.json (chat models: the end of a turn). */
function readEosIds(folder: string, fromConfig: Parameters<typeof eosIdList>[0]): number[] {
  const path = join(folder, 'generation_config.json');
  if (!existsSync(path)) return eosIdList(fromConfig);
  const fix = 'Repair or remove generation_config.json.';
  const generation = readJsonFile(path, generationConfigSchema, { fix, code: 'bad-checkpoint' });
  return eosIdList(generation.eos_token_id ?? fromConfig);
}
