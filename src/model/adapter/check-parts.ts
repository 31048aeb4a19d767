import { ADAPTER_CONFIG, type AdapterSettings } from './adapter-config.ts';
import { otherThanConfig } from './adapter-errors.ts';
import type { AdapterTensor, ModuleParts } from './adapter-parts.ts';

type Parts = ReadonlyMap<string, ModuleParts>;

/**
 * Compares what an adapter's file holds with what its adapter_config.json says; where a part is missing, the file was
 * cut or belongs to another adapter.
 * @returns what is to be said about it
 * @throws InputError `bad-checkpoint`
 */
export function checkParts(parts: Parts, settings: AdapterSettings): string[] {
  for (const [module, part] of parts) checkModule(module, part, settings);
  const { modules_to_save, target_modules, fan_in_fan_out } = settings.config;
  for (const saved of modules_to_save ?? []) {
    if (modulesNamed(saved, parts).some(({ weight }) => weight)) continue;
    throw otherThanConfig(
      `${settings.path}: modules_to_save`,
      `weights of ${saved}`,
      'none in the adapter’s file',
    );
  }
  const targets = Array.isArray(target_modules) ? target_modules : [];
  const missing = targets.filter((target) => modulesNamed(target, parts).length === 0);
  return [
    ...(missing.length > 0
      ? [`target_modules names ${missing.join(', ')}, of which the adapter holds nothing`]
      : []),
    ...(fan_in_fan_out
      ? ['fan_in_fan_out is left out: projections lie as [out, in], as peft finds too']
      : []),
  ];
}

/** The modules of a name, and those within a module of this name: `mlp` means its three projections. */
function modulesNamed(name: string, parts: Parts): ModuleParts[] {
  return [...parts].flatMap(([module, part]) => (`.${module}.`.includes(`.${name}.`) ? [part] : []));
}

function checkModule(module: string, parts: ModuleParts, settings: AdapterSettings): void {
  const { lora_A, lora_B, lora_embedding_A, lora_embedding_B, lora_magnitude_vector, lora_B_bias } = parts;
  requireBoth(lora_A, lora_B, 'lora_B');
  requireBoth(lora_B, lora_A, 'lora_A');
  requireBoth(lora_embedding_A, lora_embedding_B, 'lora_embedding_B');
  requireBoth(lora_embedding_B, lora_embedding_A, 'lora_embedding_A');
  const isLora = lora_A !== undefined || lora_embedding_A !== undefined;
  requireFlag(module, 'use_dora', isLora, lora_magnitude_vector, settings);
  requireFlag(module, 'lora_bias', lora_A !== undefined, lora_B_bias, settings);
}

function requireBoth(part: AdapterTensor | undefined, other: AdapterTensor | undefined, name: string): void {
  if (!part || other) return;
  throw otherThanConfig(`${part.file}: ${part.storedName}`, `${name} beside it`, 'none');
}

/** A part that a flag of adapter_config.json stands for is there if and only if the flag is set. */
function requireFlag(
  module: string,
  flag: 'use_dora' | 'lora_bias',
  isLora: boolean,
  part: AdapterTensor | undefined,
  { config, path }: AdapterSettings,
): void {
  const isSet = config[flag] === true;
  if (part && !isSet) {
    throw otherThanConfig(
      `${part.file}: ${part.storedName}`,
      `none, since ${ADAPTER_CONFIG} has no ${flag}`,
      'it',
    );
  }
  if (isSet && isLora && !part) throw otherThanConfig(`${path}: ${flag}`, `its part of ${module}`, 'none');
}
