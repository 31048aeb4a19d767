import { closeSync, ftruncateSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Architecture, biasesOf, DEFAULT_TRAITS } from '../../src/model/checkpoint/architecture.ts';
import { BYTES_PER_ELEMENT } from '../../src/model/checkpoint/safetensors.ts';
import { expectedTensors } from '../../src/model/checkpoint/tensor-names.ts';
import { writeConfig } from './random-checkpoint.ts';
import { type Header, safetensorsBytes } from './safetensors-file.ts';
import { writeTokenizer } from './tokenizer-files.ts';
import { writeSparseTorchFile } from './torch-file.ts';

const NO_EXTRAS = { ropeScaling: null, biases: biasesOf(false, false), ...DEFAULT_TRAITS } as const;

export const LLAMA_2_7B: Architecture = {
  layers: 32,
  hiddenSize: 4096,
  heads: 32,
  kvHeads: 32,
  headDim: 128,
  intermediateSize: 11_008,
  vocabSize: 32_000,
  rmsNormEps: 1e-5,
  ropeTheta: 10_000,
  contextLength: 4096,
  tiedHead: false,
  ...NO_EXTRAS,
};

export const LLAMA_2_13B: Architecture = {
  layers: 40,
  hiddenSize: 5120,
  heads: 40,
  kvHeads: 40,
  headDim: 128,
  intermediateSize: 13_824,
  vocabSize: 32_000,
  rmsNormEps: 1e-5,
  ropeTheta: 10_000,
  contextLength: 4096,
  tiedHead: false,
  ...NO_EXTRAS,
};

export const LLAMA_7B: Architecture = {
  ...LLAMA_2_13B,
  layers: 32,
  hiddenSize: 4096,
  heads: 32,
  kvHeads: 32,
  intermediateSize: 11_008,
  contextLength: 2048,
};

/** Its rope scaling is left out: it changes no weight. */
export const LLAMA_3_2_1B: Architecture = {
  layers: 16,
  hiddenSize: 2048,
  heads: 32,
  kvHeads: 8,
  headDim: 64,
  intermediateSize: 8192,
  vocabSize: 128_256,
  rmsNormEps: 1e-5,
  ropeTheta: 500_000,
  contextLength: 8192,
  tiedHead: true,
  ...NO_EXTRAS,
};

/**
 * Writes a bfloat16 checkpoint of any size whose weights are all 0 and lie in holes of its files, so that it
 * takes no disk.
 */
export function writeSparseCheckpoint(
  folder: string,
  architecture: Architecture,
  shards: number,
  format: 'safetensors' | 'torch' = 'safetensors',
): void {
  mkdirSync(folder, { recursive: true });
  writeTokenizer(folder);
  writeConfig(folder, architecture, { dtype: 'BF16', configStyle: 4 });
  const tensors = [...expectedTensors(architecture)];
  const [stem, ending] = format === 'torch' ? ['pytorch_model', 'bin'] : ['model', 'safetensors'];
  const nameOf = (shard: number) =>
    shards === 1 ? `${stem}.${ending}` : `${stem}-0000${shard + 1}-of-0000${shards}.${ending}`;
  const shardOf = (index: number) => Math.floor((index * shards) / tensors.length);
  for (let shard = 0; shard < shards; shard++) {
    const held = tensors.filter((_, index) => shardOf(index) === shard);
    if (format === 'torch') writeSparseTorchFile(join(folder, nameOf(shard)), held, 'BF16');
    else writeSparseFile(join(folder, nameOf(shard)), held);
  }
  if (shards === 1) return;
  const weight_map = Object.fromEntries(tensors.map(([name], index) => [name, nameOf(shardOf(index))]));
  writeFileSync(join(folder, `${stem}.${ending}.index.json`), JSON.stringify({ weight_map }));
}

/** Writes an adapter of all projections, as sparse as the checkpoint. */
export function writeSparseAdapter(folder: string, architecture: Architecture, rank: number): void {
  mkdirSync(folder, { recursive: true });
  const config = { peft_type: 'LORA', r: rank, lora_alpha: 2 * rank, target_modules: 'all-linear' };
  writeFileSync(join(folder, 'adapter_config.json'), JSON.stringify(config));
  const projections = [...expectedTensors(architecture)].filter(([name]) => name.endsWith('_proj.weight'));
  const parts = projections.flatMap(([name, [rows, columns]]): [string, readonly number[]][] => {
    const module = `base_model.model.${name.replace(/\.weight$/, '')}`;
    return [
      [`${module}.lora_A.weight`, [rank, columns!]],
      [`${module}.lora_B.weight`, [rows!, rank]],
    ];
  });
  writeSparseFile(join(folder, 'adapter_model.safetensors'), parts);
}

/** A safetensors file of bfloat16 zeros that takes no disk. */
export function writeSparseFile(
  path: string,
  tensors: readonly [name: string, shape: readonly number[]][],
): void {
  const header: Header = {};
  let end = 0;
  for (const [name, shape] of tensors) {
    const begin = end;
    end += shape.reduce((product, size) => product * size, BYTES_PER_ELEMENT.BF16);
    header[name] = { dtype: 'BF16', shape, data_offsets: [begin, end] };
  }
  const text = JSON.stringify(header);
  const start = safetensorsBytes(text.padEnd(Math.ceil(text.length / 8) * 8));
  const file = openSync(path, 'w');
  writeSync(file, start);
  ftruncateSync(file, start.length + end);
  closeSync(file);
}
