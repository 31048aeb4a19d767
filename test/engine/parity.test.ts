import { describeParity } from '../support/parity.ts';

for (const name of ['sft', 'soft', 'early-exit', 'judge']) {
  describeParity(`the nano ${name} model`, `eval-data/nano/models/${name}`, `test/golden/nano-${name}.json`, {
    minCases: 32,
    logitTolerance: 1e-4,
  });
}
