import { InputError } from '../../core/errors.ts';

/** Keys that change nothing of a trained LoRA: how it was trained, and what its tensors show anyway. */
const TRAINING_ONLY: ReadonlySet<string> = new Set([
  ...['auto_mapping', 'base_model_name_or_path', 'revision', 'peft_version', 'task_type', 'inference_mode'],
  ...['exclude_modules', 'layers_to_transform', 'layers_pattern', 'lora_dropout', 'merge_weights'],
  ...[
    'eva_config',
    'megatron_config',
    'megatron_core',
    'qalora_group_size',
    'runtime_config',
    'loftq_config',
  ],
]);

/** Keys that are read elsewhere. */
const READ: ReadonlySet<string> = new Set([
  ...['peft_type', 'r', 'lora_alpha', 'rank_pattern', 'alpha_pattern', 'use_rslora', 'use_dora', 'lora_bias'],
  ...[
    'fan_in_fan_out',
    'bias',
    'target_modules',
    'modules_to_save',
    'ensure_weight_tying',
    'init_lora_weights',
  ],
]);

/** First values of A and B that leave the base as it is; the others (pissa, olora, corda, loftq …) change it. */
const HARMLESS_STARTS: readonly unknown[] = [undefined, null, true, false, 'gaussian', 'orthogonal', 'eva'];

/**
 * Refuses by its key whatever peft computes in another way than W + scale · B · A.
 * @throws InputError `unsupported-model`
 */
export function refuseOtherMethods(config: Readonly<Record<string, unknown>>, path: string): void {
  const { peft_type, init_lora_weights } = config;
  if (peft_type !== 'LORA') throw refusal(`${path}: peft_type`, 'LORA', peft_type);
  if (!HARMLESS_STARTS.includes(init_lora_weights)) {
    const expected = 'a start that leaves the base as it is (true, false, gaussian, orthogonal, eva)';
    throw refusal(`${path}: init_lora_weights`, expected, init_lora_weights);
  }
  for (const [key, value] of Object.entries(config)) {
    if (READ.has(key) || TRAINING_ONLY.has(key) || isOff(value)) continue;
    throw refusal(`${path}: ${key}`, 'a key of plain LoRA, rsLoRA or DoRA', value);
  }
}

function isOff(value: unknown): boolean {
  if (value === null || value === false || value === undefined) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function refusal(where: string, expected: string, value: unknown): InputError {
  return new InputError({
    code: 'unsupported-model',
    where,
    expected,
    found: JSON.stringify(value) ?? 'nothing',
    fix: 'Merge it with peft (merge_and_unload, then save_pretrained) and import the result.',
  });
}
