import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { answerDecoding, type BeamRule } from '../../src/core/decoding/answer-decoding.ts';
import { AnswerEngine } from '../../src/engine/answer-engine.ts';
import { byExit } from '../../src/engine/beam/beams-at-exits.ts';
import { importCheckpoint } from '../../src/model/folder/import-checkpoint.ts';
import { readManifest } from '../../src/model/folder/read-manifest.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Written by scripts/train/decoding_golden.py. */
const goldenSchema = z.object({
  transformers: z.string(),
  max_new_tokens: z.int(),
  settings: z.array(z.object({ num_beams: z.int(), repetition_penalty: z.number() })),
  cases: z.array(
    z.object({
      prompt_ids: z.array(z.int()),
      answers: z.array(z.record(z.string(), z.array(z.int()))),
    }),
  ),
});

/** Declares the tests of a checkpoint against what transformers' `generate` answers at each of its exits. */
function describeDecoding(checkpoint: string, golden: string, minExits: number, beamRule: BeamRule) {
  describe(`answers of ${golden}`, () => {
    const { settings, cases, ...rest } = goldenSchema.parse(
      JSON.parse(readFileSync(`test/golden/decoding/${golden}.json`, 'utf8')),
    );
    const exits = Object.keys(cases[0]!.answers[0]!).map(Number);
    const folder = join(tempFolder(), 'model');
    let engine: AnswerEngine;
    beforeAll(() => {
      importCheckpoint(checkpoint, folder, { exits });
      engine = new AnswerEngine(folder);
    });
    afterAll(() => engine.close());

    it('are there for every exit, from a transformers that ranks so', () => {
      expect(exits.length).toBeGreaterThanOrEqual(minExits);
      expect(rest.transformers).toMatch(beamRule === 'transformers-4.28' ? /^4\.28\./ : /^5\./);
    });

    it.each(settings.map((setting, index) => ({ ...setting, index })))(
      'are transformers’ with $num_beams beams and a repetition penalty of $repetition_penalty, in every batch',
      { timeout: 600_000 },
      async ({ num_beams: numBeams, repetition_penalty: repetitionPenalty, index }) => {
        const beams = { decoding: 'beams', numBeams, beamRule } as const;
        const decoding = answerDecoding({ ...(numBeams > 1 && beams), repetitionPenalty });
        const prompts = byExit(cases.map(({ prompt_ids: ids }, tag) => ({ tag, ids, exits })));
        const { eosTokenIds } = readManifest(folder);
        const limits = { maxNewTokens: rest.max_new_tokens, eosTokenIds, dynamic: {} };
        for (const batchSize of [6, 64]) {
          const found: Record<string, readonly number[]>[] = cases.map(() => ({}));
          const answers = engine.answer(prompts, { ...limits, decoding, batchSize });
          for await (const { tag, exit, tokenIds } of answers) found[tag]![exit] = tokenIds;
          expect(found).toEqual(cases.map(({ answers }) => answers[index]));
        }
      },
    );
  });
}

for (const name of ['sft', 'soft', 'early-exit'])
  for (const [suffix, rule] of [
    ['', 'transformers-4.36'],
    ['-4.28', 'transformers-4.28'],
  ] as const)
    describeDecoding(`eval-data/nano/models/${name}`, `nano-${name}${suffix}`, 8, rule);

const smollm2 = process.env['SORTED_EVAL_SMOLLM2'];
if (smollm2) describeDecoding(smollm2, 'smollm2', 3, 'transformers-4.36');
else {
  describe.skip('answers of smollm2', () => {
    it('needs SORTED_EVAL_SMOLLM2 (checkpoint)', () => {});
  });
}
