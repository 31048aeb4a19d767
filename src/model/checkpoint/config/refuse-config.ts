import { InputError } from '../../../core/errors.ts';
import type { Activation, NetworkFamily } from '../../networks/network-family.ts';
import { windowNotes } from './attention-window.ts';
import type { HuggingFaceConfig } from './huggingface-config.ts';

/** `hidden_act` of config.json for each activation. */
const ACTIVATION_NAMES: Readonly<Record<Activation, readonly string[]>> = {
  silu: ['silu', 'swish'],
  'gelu-tanh': ['gelu_pytorch_tanh'],
};

/**
 * Refuses, by its key and with the reason, what the graphs cannot express.
 * @throws InputError `unsupported-model`
 */
export function refuseUnsupported(
  { activation }: NetworkFamily,
  config: HuggingFaceConfig,
  path: string,
): void {
  const { hidden_act } = config;
  const names = ACTIVATION_NAMES[activation];
  if (!names.includes(hidden_act)) {
    const fix = `Give a checkpoint whose MLP is gated by ${names[0]}.`;
    throw unsupported(`${path}: hidden_act`, names[0]!, hidden_act, fix);
  }
}

function unsupported(where: string, expected: string, found: string, fix: string): InputError {
  return new InputError({ code: 'unsupported-model', where, expected, found, fix });
}

/** What was decided about unusual keys; the import prints it and keeps it in model.json. */
export function notesOn(
  { window }: NetworkFamily,
  config: HuggingFaceConfig,
  contextLength: number,
): string[] {
  const { pretraining_tp, max_position_embeddings, quantization_config } = config;
  const notes: string[] = [];
  if (contextLength !== max_position_embeddings) {
    notes.push(
      `rope scaling stretches the context from ${max_position_embeddings} to ${contextLength} tokens`,
    );
  }
  notes.push(...windowNotes(window, config, contextLength));
  if (pretraining_tp && pretraining_tp > 1) {
    notes.push(`pretraining_tp ${pretraining_tp} is left out: it only splits the sums of training`);
  }
  if (quantization_config) {
    const { quant_method = 'of an unnamed method' } = quantization_config;
    notes.push(`quantization_config ${quant_method} is left over: the weights are plain floats`);
  }
  return notes;
}
