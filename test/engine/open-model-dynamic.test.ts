import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type AnswerOptions, type OpenModel, openModel } from '../../src/engine/open-model.ts';
import { LayerSession } from '../../src/engine/session/layer-session.ts';
import { importCheckpoint } from '../../src/model/folder/import-checkpoint.ts';
import { tempFolder } from '../support/temp-folder.ts';

const QUESTIONS = ['Write the plural of "man".', 'Name a color.', ''].map((text) => ({ tag: text, text }));
let model: OpenModel;

beforeAll(async () => {
  const folder = join(tempFolder(), 'soft');
  importCheckpoint('eval-data/nano/models/soft', folder);
  model = await openModel(folder);
});
afterAll(() => model?.close());

async function answersOf(options: AnswerOptions, exits?: readonly number[]) {
  const answers = [];
  const questions = QUESTIONS.map((question) => ({ ...question, ...(exits && { exits }) }));
  for await (const answer of model.answer(questions, { maxNewTokens: 24, ...options })) answers.push(answer);
  return answers;
}

const essence = (answers: Awaited<ReturnType<typeof answersOf>>) =>
  new Map(
    answers.map(({ tag, exit, text, tokenIds, stopReason }) => [tag, { exit, text, tokenIds, stopReason }]),
  );

describe('an open model', () => {
  it('answers speculatively as at full depth, and says how many drafted tokens were accepted', async () => {
    const answers = await answersOf({ speculative: { draft: 6, tokens: 4 } });
    expect(essence(answers)).toEqual(essence(await answersOf({}, [10])));
    const drafts = answers.map(({ drafts }) => drafts!);
    expect(drafts.some(({ accepted }) => accepted > 0)).toBe(true);
    expect(drafts.every(({ drafted, accepted }) => drafted >= accepted)).toBe(true);
  });

  it('has no text for a prompt that leaves no room, at fixed exits and dynamically', async () => {
    const questions = [{ tag: 'long', text: 'word '.repeat(3000) }];
    for (const options of [{}, { adaptive: { threshold: 0.9 } }, { speculative: { draft: 6, tokens: 4 } }])
      for await (const answer of model.answer(questions, options))
        expect(answer).toMatchObject({ state: 'prompt_too_long', text: null, tokenIds: [] });
  });

  it('answers adaptively, and says at which exit each token left', async () => {
    const answers = await answersOf({ adaptive: { threshold: 0.9, confidence: 'margin' } });
    for (const { tokenIds, tokenExits } of answers) {
      expect(tokenExits).toHaveLength(tokenIds.length);
      expect(tokenExits!.every((exit) => model.manifest.exits.includes(exit))).toBe(true);
    }
    const full = await answersOf({ adaptive: { threshold: {} } });
    expect(essence(full)).toEqual(essence(await answersOf({}, [10])));
  });

  it('refuses two ways to choose the depth', async () => {
    const both = answersOf({ adaptive: { threshold: 0.9 }, speculative: { draft: 3, tokens: 4 } });
    await expect(both).rejects.toThrow('expected one of `adaptive` and `speculative`, found both');
  });

  it.each([
    [{ draft: 10, tokens: 4 }, 'speculative.draft: expected an exit before the deepest one, 10, found 10'],
    [{ draft: 2, tokens: 4 }, 'speculative.draft: expected one of the exits 3, 4'],
    [{ draft: 3, tokens: 0 }, 'speculative.tokens: expected a whole number of at least 1, found 0'],
  ])('refuses %o', async (speculative, message) => {
    await expect(answersOf({ speculative })).rejects.toThrow(message);
  });

  it('refuses exits of a question where depth is dynamic', async () => {
    await expect(answersOf({ speculative: { draft: 3, tokens: 4 } }, [5])).rejects.toThrow(
      'exits of a question: expected none, since dynamic inference chooses the depth itself, found [5]',
    );
  });
});

describe('graphs of an open model', () => {
  const open = vi.spyOn(LayerSession, 'open');
  const close = vi.spyOn(LayerSession.prototype, 'close');
  /** Segments that are open now. */
  const held = () => open.mock.calls.length - close.mock.calls.length;
  const SEGMENTS = 8;

  it('are there once, whatever is asked, also while answers of both kinds are under way', async () => {
    const folder = join(tempFolder(), 'soft');
    importCheckpoint('eval-data/nano/models/soft', folder);
    open.mockClear();
    close.mockClear();
    const own = await openModel(folder);
    const begin = (options: AnswerOptions) => own.answer(QUESTIONS, { maxNewTokens: 4, ...options });
    const rest = async (answers: ReturnType<typeof begin>) => {
      const ids = [];
      for await (const { tag, exit, tokenIds } of answers) if (exit === 10) ids.push([tag, tokenIds]);
      return ids.sort();
    };
    const plain = begin({});
    const { value: first } = await plain.next();
    const speculative = await rest(begin({ speculative: { draft: 6, tokens: 4 } }));
    expect(held()).toBe(2 * SEGMENTS);
    const others = await rest(plain);
    expect(held()).toBe(SEGMENTS);
    const again = await rest(begin({}));
    expect(again).toEqual(speculative);
    expect(again).toEqual(first.exit === 10 ? [...others, [first.tag, first.tokenIds]].sort() : others);
    const penalised = await rest(begin({ repetitionPenalty: 1.2 }));
    expect(penalised).toHaveLength(QUESTIONS.length);
    expect(held()).toBe(SEGMENTS);
    await own.close();
    expect(held()).toBe(0);
  });
});
