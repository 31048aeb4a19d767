import { llama } from './llama.ts';
import { mistral } from './mistral.ts';
import type { NetworkFamily } from './network-family.ts';
import { qwen2 } from './qwen2.ts';
import { qwen3 } from './qwen3.ts';

/** Every network that can be imported. A new one is a file beside this one and an entry here. */
export const FAMILIES: readonly NetworkFamily[] = [llama, mistral, qwen2, qwen3];

/** Well-known networks that cannot be imported, by `model_type`, and what their graphs would need. */
export const UNSUPPORTED_NETWORKS: ReadonlyMap<string, string> = new Map([
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
  ['qwen2_moe', 'routes tokens to experts'],
  ['qwen3_moe', 'routes tokens to experts'],
  ['smollm3', 'leaves out the rotary embedding in some layers'],
  ['stablelm', 'rotates parts of heads under LayerNorm'],
  ['starcoder2', 'has LayerNorm and GELU'],
]);
