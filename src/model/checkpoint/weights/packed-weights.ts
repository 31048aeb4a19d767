import { InputError } from '../../../core/errors.ts';
import type { CollectedTensors } from '../checkpoint-tensors.ts';

/** By the parts that other programs make of a matrix, whose they are. */
const PACKED: readonly (readonly [part: RegExp, method: string])[] = [
  [/\.g_idx$/, 'GPTQ'],
  [/\.(?:qweight|qzeros)$/, 'GPTQ or AWQ'],
  [/\.(?:SCB|weight_format)$|\.weight\.(?:nested_)?(?:absmax|quant_map|quant_state\..+)$/, 'bitsandbytes'],
  [/\.(?:weight_packed|weight_scale(?:_inv)?|weight_zero_point|input_scale)$/, 'compressed-tensors or FP8'],
];

/**
 * Refuses matrices that another program quantised and packed: its name says what they are, where the missing
 * weight would not.
 * @param method `quant_method` of config.json, if there is one
 * @throws InputError `unsupported-model`
 */
export function refusePacked(
  { tensors, storedNames }: CollectedTensors,
  method: string | null | undefined,
): void {
  for (const [part, program] of PACKED) {
    for (const [name, { file }] of tensors) {
      if (!part.test(name)) continue;
      throw new InputError({
        code: 'unsupported-model',
        where: `${file}: ${storedNames.get(name)}`,
        expected: 'weights in F32, F16 or BF16',
        found: `weights packed by ${method ?? program}`,
        fix: 'Give the unquantised checkpoint; import --precision int8 or int4 quantises it.',
      });
    }
  }
}
