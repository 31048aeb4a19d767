import { InputError } from '../../../core/errors.ts';
import { LM_HEAD } from '../tensor-names.ts';

/** A tensor that no graph would read: its name in the network and in its file. */
export interface UnreadTensor {
  readonly name: string;
  readonly storedName: string;
  readonly file: string;
  readonly dtype: string;
}

/** Buffers that transformers computes anew: rotary frequencies and tables, masks, positions. */
const BUFFER =
  /(?:^|\.)(?:inv_freq|original_inv_freq|cos_cached|sin_cached|masked_bias|position_ids|causal_mask)$/;
/** Weights are floats; whatever else lies beside them is a buffer of someone's. */
const FLOAT = /^(?:B?F|E\dM)\d/;
const ADAPTER = /(?:^|\.)(?:lora_|base_layer\.|modules_to_save\.)/;
const EXIT_HEAD = /^exit_heads\.\d+\.weight$/;
const LAYER = /^model\.layers\.(\d+)\./;

/** Whether a tensor changes nothing that the network computes. */
export const isBuffer = ({ name, dtype }: UnreadTensor) => BUFFER.test(name) || !FLOAT.test(dtype);

/** One line for all buffers, if there are any. */
export function noteOnBuffers(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return [`buffers that change nothing are left out: ${names.slice(0, 3).join(', ')}${more}`];
}

/**
 * Refuses weights of an adapter that was not merged: what they add would be missing.
 * @throws InputError `unsupported-model`
 */
export function refuseAdapterTensor(tensor: UnreadTensor): void {
  if (!ADAPTER.test(tensor.name)) return;
  const fix = 'Merge the adapter first: merge_and_unload() of peft, then save_pretrained.';
  throw refusal(tensor, 'a part of an adapter that was not merged', fix);
}

/**
 * Refuses a weight that no graph would read: it means that this is another network.
 * @throws InputError `unsupported-model`
 */
export function refuseUnread(tensor: UnreadTensor, isEarlyExit: boolean, layers: number): void {
  const { name } = tensor;
  if (isBuffer(tensor) || (isEarlyExit && EXIT_HEAD.test(name))) return;
  // With a tied flag no graph reads a head of its own; opening the checkpoint made sure that it equals the embedding.
  if (name === LM_HEAD) return;
  throw refusal(tensor, ...reasonOf(name, layers));
}

function reasonOf(name: string, layers: number): [found: string, fix: string] {
  if (name.startsWith('exit_heads.')) {
    const fix = 'If they were trained, write exits.json with "kind": "early-exit"; else save without them.';
    return ['an exit head in a checkpoint that is not early-exit', fix];
  }
  const layer = Number(LAYER.exec(name)?.[1] ?? -1);
  const fix = 'Check that config.json and the weights belong together.';
  if (layer >= layers) return [`layer ${layer} of a network whose layers are 0 to ${layers - 1}`, fix];
  if (name.endsWith('.bias')) return ['a bias that this network does not add', fix];
  return [
    'one that no graph would read',
    'Check that config.json and the weights belong together, or save the checkpoint without it.',
  ];
}

function refusal({ file, storedName }: UnreadTensor, found: string, fix: string): InputError {
  return new InputError({
    code: 'unsupported-model',
    where: `${file}: ${storedName}`,
    expected: 'only the weights of the network that config.json describes',
    found,
    fix,
  });
}
