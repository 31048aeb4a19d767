import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { importCheckpoint } from '../../src/model/folder/import-checkpoint.ts';
import type { Precision } from '../../src/model/quantise/precision.ts';
import { writeVariant } from './variants.ts';

/** Adapters that peft saved, each with PyTorch's answers in answers.json; scripts/train/adapter_golden.py. */
export const ADAPTERS = 'test/golden/adapters';
export const ADAPTER_NAMES = readdirSync(ADAPTERS).sort();

/** Writes the random checkpoint that an adapter was trained on and returns its folder. */
export function writeAdapterBase(root: string, name: string): string {
  const config = readFileSync(join(ADAPTERS, name, 'adapter_config.json'), 'utf8');
  return writeVariant(root, JSON.parse(config).base_model_name_or_path);
}

/** Imports an adapter into its base and returns the model folder. */
export function importAdapter(root: string, name: string, precision: Precision = 'fp32'): string {
  const folder = join(root, `${name}-${precision}`);
  const base = writeAdapterBase(root, name);
  importCheckpoint(join(ADAPTERS, name), folder, { base, precision });
  return folder;
}
