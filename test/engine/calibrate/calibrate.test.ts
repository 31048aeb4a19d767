import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { alpacaPrompt } from '../../../src/data/alpaca-prompt.ts';
import { readInstructions } from '../../../src/data/instructions.ts';
import { calibrate } from '../../../src/engine/calibrate/calibrate.ts';
import type { AdaptiveSettings } from '../../../src/engine/dynamic/adaptive-settings.ts';
import { openModel } from '../../../src/engine/open-model.ts';
import { importCheckpoint } from '../../../src/model/folder/import-checkpoint.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const folder = join(tempFolder(), 'early-exit');
const promptsOf = (name: string, count: number) =>
  readInstructions(`eval-data/nano/data/${name}.json`).slice(0, count).map(alpacaPrompt);
const validation = promptsOf('validation', 60);
const settings = { maxNewTokens: 24 };

beforeAll(() => void importCheckpoint('eval-data/nano/models/early-exit', folder));

/** What adaptive depth really gives: the share of full depth's answers, and the layers of a token. */
async function adaptively(prompts: readonly string[], adaptive: AdaptiveSettings) {
  const model = await openModel(folder);
  const questions = prompts.map((text, tag) => ({ tag, text }));
  const full = new Map<number, string>();
  const atFullDepth = questions.map((question) => ({ ...question, exits: [10] }));
  for await (const { tag, tokenIds } of model.answer(atFullDepth, settings)) full.set(tag, tokenIds.join());
  let kept = 0;
  const exits: number[] = [];
  for await (const { tag, tokenIds, tokenExits } of model.answer(questions, { ...settings, adaptive })) {
    if (tokenIds.join() !== full.get(tag)) continue;
    kept += 1;
    exits.push(...tokenExits!);
  }
  await model.close();
  return { share: kept / prompts.length, exits };
}

describe('calibration of the nano run’s early-exit model', () => {
  it.each([{ byExit: false }, { byExit: true }])(
    'tells the very share that adaptive depth keeps of these answers: %o',
    async ({ byExit }) => {
      const found = await calibrate(folder, validation, { ...settings, share: 0.9, byExit });
      expect(found.share).toBeGreaterThanOrEqual(0.9);
      expect(found.meanLayers).toBeLessThan(9);
      expect(found).toMatchObject({ answers: 60, depth: 10 });
      expect((await adaptively(validation, found.adaptive)).share).toBe(found.share);
    },
  );

  it('has the layers that adaptive depth uses where it keeps all answers', async () => {
    const found = await calibrate(folder, validation, { ...settings, share: 1 });
    const { share, exits } = await adaptively(validation, found.adaptive);
    expect(share).toBe(1);
    expect(exits.reduce((sum, exit) => sum + exit, 0) / exits.length).toBeCloseTo(found.meanLayers, 10);
  });

  it('holds on instructions that it has not seen, with a certainty', async () => {
    const wanted = { ...settings, share: 0.8, certainty: 0.95 };
    const { adaptive } = await calibrate(folder, validation, wanted);
    const { share } = await adaptively(promptsOf('test', 60), adaptive);
    expect(share).toBeGreaterThanOrEqual(0.8);
  });

  it.each([
    [{ share: 0 }, 'share: expected a number above 0'],
    [{ share: 0.9, certainty: 1 }, 'certainty: expected a number above 0'],
    [{ share: 0.9, certainty: 0.9, byExit: true }, 'certainty: expected one threshold of all exits'],
    [
      { share: 0.99, certainty: 0.999 },
      'share: expected 0.99 of the answers kept, with a certainty of 0.999',
    ],
  ])('refuses %o', async (wanted, message) => {
    const error = await inputErrorOf(() =>
      calibrate(folder, validation.slice(0, 4), { ...settings, ...wanted }),
    );
    expect(error.message).toContain(message);
  });
});
