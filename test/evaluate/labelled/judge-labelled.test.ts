import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentProgress } from '../../../src/core/progress.ts';
import type { LabelledPair } from '../../../src/data/human-labels.ts';
import { judgeLabelled } from '../../../src/evaluate/labelled/judge-labelled.ts';
import type { Judge } from '../../../src/judge/judge.ts';
import { judgePrompt } from '../../../src/judge/protocols/pandalm-prompt.ts';
import { openStore, type Store } from '../../../src/store/database.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { scriptedJudge } from '../scripted-judge.ts';

const folder = tempFolder();
let store: Store;
let files = 0;

beforeEach(() => {
  store = openStore(join(folder, `${files++}.db`));
});
afterEach(() => store.close());

function pair(index: number, response1: string, response2: string): LabelledPair {
  const texts = { instruction: 'Add 1 and 2.', input: '', response1, response2 };
  return { index, promptId: 'p', ...texts, label: '1', annotations: ['1'] };
}

const PAIRS = Array.from({ length: 40 }, (_, index) => pair(index, `first ${index}`, `second ${index}`));
const ask = (judge: Judge, pairs = PAIRS) => judgeLabelled(store, judge, pairs, { progress: silentProgress });

/** Says 2 to what `first 1` stands in, 1 to everything else. */
const picky = () => scriptedJudge((first) => (first === 'first 1' ? '2\n\n### Reason: x' : '1'));

describe('judgeLabelled', () => {
  it('asks about every pair once, neighbours alike, and keeps verdict and pair together', async () => {
    const judge = picky();
    const { pairs: judged, cut } = await ask(judge);
    expect(cut).toBe(0);
    expect(judge.asked).toEqual(
      PAIRS.map(({ response1, response2, ...task }) => judgePrompt(task, response1, response2)).toSorted(),
    );
    expect(judged.map(({ verdict }) => verdict)).toEqual(PAIRS.map(({ index }) => (index === 1 ? '2' : '1')));
    expect(judged[1]).toMatchObject(PAIRS[1]!);
  });

  it('asks nothing again, and gives the same verdicts', async () => {
    const first = await ask(picky());
    const again = picky();
    expect(await ask(again)).toEqual(first);
    expect(again.asked).toEqual([]);
  });

  it('asks another judge, whose key is another', async () => {
    await ask(picky());
    const other = scriptedJudge(() => 'tie', 'other');
    expect((await ask(other)).pairs.every(({ verdict }) => verdict === 'tie')).toBe(true);
    expect(other.asked).toHaveLength(PAIRS.length);
  });

  it('asks once about pairs with one prompt', async () => {
    const judge = picky();
    const { pairs: judged } = await ask(judge, [pair(0, 'same', 'texts'), pair(1, 'same', 'texts')]);
    expect(judge.asked).toHaveLength(1);
    expect(judged.map(({ index, verdict }) => [index, verdict])).toEqual([
      [0, '1'],
      [1, '1'],
    ]);
  });

  it('asks about long responses as far as the judge reads, and counts them, the next time too', async () => {
    const judge = { ...picky(), maxPromptCharacters: 400 };
    const pairs = [pair(0, 'first 1', 'second'), pair(1, 'x'.repeat(1000), 'short'), pair(2, 'a', 'b')];
    expect((await ask(judge, pairs)).cut).toBe(1);
    const [cut, ...others] = judge.asked.toSorted((a, b) => b.length - a.length);
    expect(cut).toHaveLength(400);
    expect(cut).toContain('\n### Response 2:\nshort\n\n### Evaluation:\n');
    for (const other of others) expect(other.length).toBeLessThan(400);
    expect((await ask({ ...picky(), maxPromptCharacters: 400 }, pairs)).cut).toBe(1);
  });

  it('gives a judge the parts of each prompt, so that it can shorten it itself', async () => {
    const parts: unknown[] = [];
    const judge: Judge = {
      ...picky(),
      ask: (prompts, signal) => {
        const list = [...prompts];
        parts.push(...list.map(({ pair: given }) => given?.responses));
        return picky().ask(list, signal);
      },
    };
    await ask(judge, PAIRS.slice(0, 2));
    expect(parts).toEqual(PAIRS.slice(0, 2).map(({ response1, response2 }) => [response1, response2]));
  });

  it('keeps an unreadable verdict as malformed', async () => {
    expect((await ask(scriptedJudge(() => 'Response 1 is better'))).pairs[0]!.verdict).toBe('malformed');
  });

  it('keeps what was answered before the judge broke, and goes on from there', async () => {
    let answers = 0;
    const breaking = scriptedJudge(() => {
      if (answers++ === 20) throw new Error('out of memory');
      return '1';
    });
    await expect(ask(breaking)).rejects.toThrow('out of memory');
    const judge = picky();
    await ask(judge);
    expect(judge.asked).toHaveLength(PAIRS.length - 20);
  });

  it('refuses to count while answers are missing; the same call asks for just these', async () => {
    const silent: Judge = {
      ...picky(),
      async *ask(prompts, signal) {
        const replies = picky().ask(prompts, signal);
        for await (const reply of replies) if (!isUnlucky(reply)) yield reply;
      },
    };
    const error = await inputErrorOf(() => ask(silent));
    expect(error.message).toMatch(/judge scripted judge: expected an answer .*found none to 1 of them/);
    const judge = picky();
    await ask(judge);
    expect(judge.asked).toHaveLength(1);
  });
});

function isUnlucky({ tag }: { readonly tag: unknown }): boolean {
  return (tag as { readonly text: string }).text.includes('first 7\n');
}
