import { InputError } from '../../core/errors.ts';
import type { HuggingFaceConfig, NetworkIdentity } from '../checkpoint/architecture.ts';

/** What `LlamaForCausalLM` and `MistralForCausalLM` compute is one graph; LLaMA-1 checkpoints spell it in capitals. */
const SUPPORTED: ReadonlyMap<string, string> = new Map([
  ['llama', 'llamaforcausallm'],
  ['mistral', 'mistralforcausallm'],
]);

/** What keeps well-known relatives of LLaMA from being read as one, by model_type. */
const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ['cohere', 'runs attention and MLP side by side under LayerNorm'],
  ['deepseek_v2', 'compresses keys and values and routes tokens to experts'],
  ['deepseek_v3', 'compresses keys and values and routes tokens to experts'],
  ['falcon', 'runs attention and MLP side by side under LayerNorm'],
  ['gemma', 'scales its embeddings, adds 1 to its norms and uses GELU'],
  ['gemma2', 'scales its embeddings, adds 1 to its norms and caps its logits'],
  ['gemma3_text', 'scales its embeddings, adds 1 to its norms and looks at a window in most layers'],
  ['gpt2', 'has learned positions and LayerNorm'],
  ['gpt_neox', 'runs attention and MLP side by side under LayerNorm'],
  ['granite', 'multiplies embeddings, residuals and logits by constants'],
  ['llama4_text', 'routes tokens to experts and attends in chunks'],
  ['mixtral', 'routes tokens to experts'],
  ['mllama', 'attends to images'],
  ['olmo2', 'norms after attention and MLP'],
  ['opt', 'has learned positions and LayerNorm'],
  ['phi', 'rotates parts of heads under LayerNorm'],
  ['phi3', 'keeps q, k and v, and gate and up, in one matrix each'],
  ['qwen2', 'has biases on q, k and v alone'],
  ['qwen3', 'norms queries and keys'],
  ['smollm3', 'leaves out the rotary embedding in some layers'],
  ['stablelm', 'rotates parts of heads under LayerNorm'],
  ['starcoder2', 'has LayerNorm and GELU'],
]);

/**
 * Refuses another network by its name, with what makes it another.
 * @throws InputError `unsupported-model`
 */
export function refuseOtherNetwork({ model_type, architectures }: NetworkIdentity, path: string): void {
  const wanted = SUPPORTED.get(model_type);
  const names = architectures ?? [];
  if (wanted && (names.length === 0 || names.some((name) => name.toLowerCase() === wanted))) return;
  const difference = wanted
    ? 'has another head than a language model’s'
    : (DIFFERENCES.get(model_type) ?? 'is not known to be LLaMA under another name');
  throw unsupported(
    `${path}: ${names.length > 0 ? 'architectures' : 'model_type'}`,
    'LlamaForCausalLM or MistralForCausalLM',
    names.length > 0 ? `${names.join(', ')} of model_type ${model_type}` : model_type,
    `It ${difference}. Give a LLaMA or Mistral checkpoint.`,
  );
}

/**
 * Refuses, by its key and with the reason, what the graphs cannot express.
 * @throws InputError `unsupported-model`
 */
export function refuseUnsupported(config: HuggingFaceConfig, contextLength: number, path: string): void {
  const { model_type, hidden_act, sliding_window, quantization_config } = config;
  if (!['silu', 'swish'].includes(hidden_act)) {
    throw unsupported(`${path}: hidden_act`, 'silu', hidden_act, 'Give a checkpoint whose MLP is a SwiGLU.');
  }
  if (quantization_config) {
    const method = quantization_config.quant_method ?? 'weights quantised by an unnamed method';
    const fix = 'Give the unquantised checkpoint.';
    throw unsupported(`${path}: quantization_config`, 'none: F32, F16 or BF16 weights', method, fix);
  }
  if (model_type === 'mistral' && sliding_window && sliding_window < contextLength) {
    const expected = `null, or at least the context of ${contextLength} tokens`;
    const fix = 'Attention to a sliding window is not implemented; give a checkpoint without it.';
    throw unsupported(`${path}: sliding_window`, expected, `${sliding_window}`, fix);
  }
}

function unsupported(where: string, expected: string, found: string, fix: string): InputError {
  return new InputError({ code: 'unsupported-model', where, expected, found, fix });
}

/** What was decided about keys that one may wonder about; printed by the import and kept in model.json. */
export function notesOn(config: HuggingFaceConfig, contextLength: number): string[] {
  const { model_type, sliding_window, pretraining_tp, max_position_embeddings } = config;
  const notes: string[] = [];
  if (contextLength !== max_position_embeddings) {
    notes.push(
      `rope scaling stretches the context from ${max_position_embeddings} to ${contextLength} tokens`,
    );
  }
  if (model_type === 'mistral' && sliding_window) {
    notes.push(`sliding_window ${sliding_window} is as long as the context, so every token is attended to`);
  }
  if (pretraining_tp && pretraining_tp > 1) {
    notes.push(`pretraining_tp ${pretraining_tp} is left out: it only splits the sums of training`);
  }
  return notes;
}
