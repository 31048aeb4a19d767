import { describe, expect, it } from 'vitest';
import { requireFinite } from '../../../src/engine/session/require-finite.ts';
import { requireIds } from '../../../src/engine/session/require-ids.ts';
import { inputErrorOf } from '../../support/failure.ts';

describe('numbers of a model', () => {
  it('pass where all are finite', () => {
    expect(() => requireFinite(Float32Array.of(0, -3e38, 1e-40), 'head.onnx')).not.toThrow();
    expect(() => requireFinite(new Float32Array(0), 'head.onnx')).not.toThrow();
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'are refused where one is %d, naming the graph',
    async (wrong) => {
      const error = await inputErrorOf(async () => requireFinite(Float32Array.of(1, wrong), 'head.onnx'));
      expect(error).toMatchObject({ code: 'bad-checkpoint', where: 'head.onnx', found: `${wrong}` });
    },
  );
});

describe('token ids', () => {
  it('pass from 0 to the last of the vocabulary', () => {
    expect(() => requireIds(BigInt64Array.of(0n, 9n), 10, 'folder')).not.toThrow();
  });

  it.each([-1n, 10n])('%d of a vocabulary of 10 is refused, naming the tokenizer', async (wrong) => {
    const error = await inputErrorOf(async () => requireIds(BigInt64Array.of(3n, wrong), 10, 'folder'));
    expect(error).toMatchObject({ code: 'bad-checkpoint', found: `${wrong}` });
    expect(error.where).toContain('tokenizer.json');
  });
});
