import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { BeamRule } from '../../src/core/decoding/answer-decoding.ts';
import { beamSearch } from '../../src/engine/beam/beam-search.ts';
import { FullDepthModel } from '../../src/engine/session/full-depth-model.ts';
import { importCheckpoint } from '../../src/model/folder/import-checkpoint.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** Written by scripts/train/beam_golden.py; the rule is that of the transformers version that wrote it. */
const goldenSchema = z.object({
  transformers: z.string(),
  num_beams: z.int(),
  repetition_penalty: z.number(),
  max_new_tokens: z.int(),
  cases: z.array(z.object({ prompt_ids: z.array(z.int()), answer_ids: z.array(z.int()) })),
});
type Golden = z.output<typeof goldenSchema>;

const readGolden = (path: string) => goldenSchema.parse(JSON.parse(readFileSync(path, 'utf8')));

/** Declares the tests of one judge against what both rules of transformers made of the same prompts. */
function describeBeamParity(
  title: string,
  checkpoint: string,
  goldens: [old: string, later: string],
  minCases: number,
) {
  describe(title, () => {
    const root = tempFolder();
    let beams: FullDepthModel;
    beforeAll(async () => {
      const folder = join(root, 'judge');
      importCheckpoint(checkpoint, folder);
      beams = await FullDepthModel.open(folder);
    });
    afterAll(async () => {
      await beams?.close();
    });

    async function answers(golden: Golden, rule: BeamRule): Promise<number[][]> {
      const found: number[][] = [];
      const prompts = golden.cases.map(({ prompt_ids }, tag) => ({ tag, ids: prompt_ids }));
      const settings = {
        rule,
        numBeams: golden.num_beams,
        repetitionPenalty: golden.repetition_penalty,
        maxNewTokens: golden.max_new_tokens,
        eosTokenIds: beams.manifest.eosTokenIds,
        batchSize: 64,
      };
      for await (const { tag, tokenIds } of beamSearch(beams, prompts, settings)) {
        found[tag] = [...tokenIds];
      }
      return found;
    }

    it.each([
      ['transformers-4.28', '4.28.', 0],
      ['transformers-4.36', '5.', 1],
    ] as const)(
      'writes token for token what %s writes',
      { timeout: 600_000 },
      async (rule, version, index) => {
        const golden = readGolden(goldens[index]);
        expect(golden.transformers.startsWith(version)).toBe(true);
        expect(golden.cases.length).toBeGreaterThanOrEqual(minCases);
        expect(await answers(golden, rule)).toEqual(golden.cases.map(({ answer_ids }) => answer_ids));
      },
    );
  });
}

const nano = (version: string) => `test/golden/nano-judge-beams-${version}.json`;
describeBeamParity(
  'beam search with the nano judge',
  'eval-data/nano/models/judge',
  [nano('4.28'), nano('5')],
  100,
);

const smollm2 = process.env['SORTED_EVAL_SMOLLM2'];
const beamGoldens = process.env['SORTED_EVAL_SMOLLM2_BEAMS']?.split(',');
if (smollm2 && beamGoldens) {
  describeBeamParity('beam search with SmolLM2-135M', smollm2, [beamGoldens[0]!, beamGoldens[1]!], 30);
} else {
  describe.skip('beam search with SmolLM2-135M', () => {
    it('needs SORTED_EVAL_SMOLLM2 (checkpoint) and SORTED_EVAL_SMOLLM2_BEAMS (golden files of 4.28 and 5)', () => {});
  });
}
