import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../../core/errors.ts';
import { readModelJson } from '../checkpoint/model-json.ts';
import { moduleMatcher } from './module-pattern.ts';
import { refuseOtherMethods } from './other-methods.ts';

export const ADAPTER_CONFIG = 'adapter_config.json';

const rank = z.int().positive();
const alpha = z.number().positive();
const names = z.array(z.string());

/** adapter_config.json of peft; defaults are those of its `LoraConfig`. `refuseOtherMethods` looks at all other keys. */
const configSchema = z.looseObject({
  peft_type: z.string(),
  base_model_name_or_path: z.string().nullish(),
  r: rank.default(8),
  lora_alpha: alpha.default(8),
  rank_pattern: z.record(z.string(), rank).nullish(),
  alpha_pattern: z.record(z.string(), alpha).nullish(),
  use_rslora: z.boolean().nullish(),
  use_dora: z.boolean().nullish(),
  lora_bias: z.boolean().nullish(),
  fan_in_fan_out: z.boolean().nullish(),
  bias: z.enum(['none', 'all', 'lora_only']).nullish(),
  target_modules: z.union([z.string(), names], { error: 'a text or a list of texts' }).nullish(),
  modules_to_save: names.nullish(),
  ensure_weight_tying: z.boolean().nullish(),
});

export type AdapterConfig = z.output<typeof configSchema>;

/** What adapter_config.json says about one module of the network. */
export interface ModuleSettings {
  readonly rank: number;
  /** Factor of B · A. */
  readonly scale: number;
}

export interface AdapterSettings {
  readonly path: string;
  readonly config: AdapterConfig;
  /** @param module its name in the network, such as `model.layers.0.self_attn.q_proj` */
  readonly ofModule: (module: string) => ModuleSettings;
}

/**
 * Reads the settings of a LoRA adapter as peft does (`LoraConfig`, `LoraLayer.update_layer`).
 * @throws InputError `not-found`, `bad-checkpoint`, or `unsupported-model` for what is no plain LoRA
 */
export function readAdapterSettings(folder: string): AdapterSettings {
  const path = join(folder, ADAPTER_CONFIG);
  const config = readModelJson(path, configSchema, {
    fix: 'Give the folder of a LoRA adapter as peft saves it.',
  });
  refuseOtherMethods(config, path);
  const rankOf = byPattern(config.rank_pattern, config.r, `${path}: rank_pattern`);
  const alphaOf = byPattern(config.alpha_pattern, config.lora_alpha, `${path}: alpha_pattern`);
  const ofModule = (module: string) => {
    const rank = rankOf(module);
    const divisor = config.use_rslora ? Math.sqrt(rank) : rank;
    return { rank, scale: alphaOf(module) / divisor };
  };
  return { path, config, ofModule };
}

/** The first pattern that fits a module's name gives its value. */
function byPattern(
  pattern: Readonly<Record<string, number>> | null | undefined,
  fallback: number,
  where: string,
): (module: string) => number {
  const choices = Object.entries(pattern ?? {}).map(([key, value]) => {
    const matches = moduleMatcher(key);
    if (matches) return { matches, value };
    throw new InputError({
      code: 'unsupported-model',
      where: `${where}: ${key}`,
      expected: 'the end of a module’s name, or a short regular expression without repeated groups',
      found: 'another expression',
      fix: 'Write the modules out by name.',
    });
  });
  return (module) => choices.find(({ matches }) => matches(module))?.value ?? fallback;
}
