import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../../src/model/checkpoint/checkpoint.ts';
import { inputErrorOf } from '../../../support/failure.ts';
import { writeRandomCheckpoint } from '../../../support/random-checkpoint.ts';
import { type Header, safetensorsBytes } from '../../../support/safetensors-file.ts';
import { tempFolder } from '../../../support/temp-folder.ts';

const root = tempFolder();
const folder = join(root, 'checkpoint');
const weights = join(folder, 'model.safetensors');
const LAYER = 'model.layers.0.self_attn.q_proj';

/** Writes a file of such tensors, of 4 bytes each. */
function writeTensors(tensors: readonly (readonly [name: string, dtype: string])[]): void {
  const header: Header = {};
  for (const [index, [name, dtype]] of tensors.entries()) {
    const shape = [dtype === 'U8' || dtype === 'I8' || dtype.startsWith('F8') ? 4 : 1];
    header[name] = { dtype, shape, data_offsets: [4 * index, 4 * index + 4] };
  }
  const start = safetensorsBytes(JSON.stringify(header));
  writeFileSync(weights, Buffer.concat([start, Buffer.alloc(4 * tensors.length)]));
}

beforeEach(() => rmSync(folder, { recursive: true, force: true }));

describe('weights that another program packed are refused by its name:', () => {
  it.each<[string, object, [string, string][], string, string]>([
    [
      'GPTQ’s, as config.json calls them',
      { quant_method: 'gptq', bits: 4 },
      [
        [`${LAYER}.g_idx`, 'I32'],
        [`${LAYER}.qweight`, 'I32'],
        [`${LAYER}.qzeros`, 'I32'],
      ],
      `${LAYER}.g_idx`,
      'gptq',
    ],
    [
      'AWQ’s',
      { quant_method: 'awq' },
      [
        [`${LAYER}.qweight`, 'I32'],
        [`${LAYER}.qzeros`, 'I32'],
      ],
      `${LAYER}.qweight`,
      'awq',
    ],
    [
      'bitsandbytes’ in 4 bits',
      { quant_method: 'bitsandbytes' },
      [
        [`${LAYER}.weight`, 'U8'],
        [`${LAYER}.weight.absmax`, 'F32'],
        [`${LAYER}.weight.quant_state.bitsandbytes__nf4`, 'U8'],
      ],
      `${LAYER}.weight.absmax`,
      'bitsandbytes',
    ],
    [
      'bitsandbytes’ in 8 bits',
      { quant_method: 'bitsandbytes' },
      [
        [`${LAYER}.weight`, 'I8'],
        [`${LAYER}.SCB`, 'F32'],
      ],
      `${LAYER}.SCB`,
      'bitsandbytes',
    ],
    [
      'FP8 with scales',
      { quant_method: 'fp8' },
      [
        [`${LAYER}.weight`, 'F8_E4M3'],
        [`${LAYER}.weight_scale_inv`, 'F32'],
      ],
      `${LAYER}.weight_scale_inv`,
      'fp8',
    ],
    [
      'compressed-tensors’',
      { quant_method: 'compressed-tensors' },
      [[`${LAYER}.weight_packed`, 'I32']],
      `${LAYER}.weight_packed`,
      'compressed-tensors',
    ],
  ])('%s', async (_, quantization_config, tensors, tensor, method) => {
    writeRandomCheckpoint(folder, { config: { quantization_config } });
    writeTensors(tensors);
    const error = await inputErrorOf(() => openCheckpoint(folder));
    expect(error).toMatchObject({ code: 'unsupported-model', where: `${weights}: ${tensor}` });
    expect(error.message).toContain(`found weights packed by ${method}. Give the unquantised checkpoint`);
  });

  it('where config.json keeps silent about it too', async () => {
    writeRandomCheckpoint(folder);
    writeTensors([[`${LAYER}.qweight`, 'I32']]);
    const error = await inputErrorOf(() => openCheckpoint(folder));
    expect(error.message).toContain('found weights packed by GPTQ or AWQ');
  });

  it('but a quantization_config that was left over beside floats is no more than a note', () => {
    writeRandomCheckpoint(folder, { config: { quantization_config: { quant_method: 'bitsandbytes' } } });
    expect(openCheckpoint(folder).notes).toEqual([
      'quantization_config bitsandbytes is left over: the weights are plain floats',
    ]);
  });
});
