import { describe, it } from 'vitest';
import { describeParity } from '../support/parity.ts';

const checkpoint = process.env['SORTED_EVAL_SMOLLM2'];
const golden = process.env['SORTED_EVAL_SMOLLM2_GOLDEN'];

if (checkpoint && golden)
  describeParity('SmolLM2-135M', checkpoint, golden, { minCases: 32, logitTolerance: 5e-4 });
else {
  describe.skip('SmolLM2-135M', () => {
    it('needs SORTED_EVAL_SMOLLM2 (checkpoint) and SORTED_EVAL_SMOLLM2_GOLDEN (transformers’ ids)', () => {});
  });
}
