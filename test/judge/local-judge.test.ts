import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { beamSearch } from '../../src/engine/beam/beam-search.ts';
import { FullDepthModel } from '../../src/engine/session/full-depth-model.ts';
import type { JudgeAnswer } from '../../src/judge/judge.ts';
import { type LocalJudgeOptions, openLocalJudge } from '../../src/judge/local-judge.ts';
import { importCheckpoint } from '../../src/model/folder/import-checkpoint.ts';
import { openTokenizer } from '../../src/model/tokenizer/tokenizer.ts';
import { inputErrorOf } from '../support/failure.ts';
import { type RandomCheckpoint, writeRandomCheckpoint } from '../support/random-checkpoint.ts';
import { referenceGreedy } from '../support/reference-llama.ts';
import { writeSafetensors } from '../support/safetensors-file.ts';
import { tempFolder } from '../support/temp-folder.ts';

const folder = tempFolder();
const LAYERS = 3;
const PROMPT = 'Judge one.';

/** An imported judge with random weights, before `edit` of them. */
function importJudge(name: string, edit: (judge: RandomCheckpoint) => void = () => {}, seed = 1): string {
  const checkpoint = join(folder, `${name}-checkpoint`);
  const judge = writeRandomCheckpoint(checkpoint, { layers: LAYERS, seed, contextLength: 200 });
  edit(judge);
  writeSafetensors(join(checkpoint, 'model.safetensors'), [...judge.weights.values()], 'F32');
  rmSync(join(folder, name), { recursive: true, force: true });
  importCheckpoint(checkpoint, join(folder, name), { exits: [1, LAYERS] });
  return join(folder, name);
}

const DEFAULTS: LocalJudgeOptions = { label: 'judge', decoding: 'greedy', maxNewTokens: 8, batchSize: 4 };

async function askWith(path: string, options: Partial<LocalJudgeOptions>, texts = [PROMPT]) {
  const judge = await openLocalJudge(path, { ...DEFAULTS, ...options });
  const answers = new Map<string, JudgeAnswer>();
  try {
    for await (const answer of judge.ask(texts.map((text) => ({ tag: text, text })))) {
      if (!('rawText' in answer)) throw new Error('a local judge answers every prompt');
      answers.set(answer.tag, answer);
    }
  } finally {
    await judge.close();
  }
  return { judge, answers, first: answers.get(texts[0]!)! };
}

/** Ids of what a judge writes greedily to PROMPT, by an independent implementation. */
function greedyIds({ folder: checkpoint, architecture, weights }: RandomCheckpoint, count: number): number[] {
  const ids = openTokenizer(checkpoint).encode(PROMPT);
  return referenceGreedy(architecture, weights, ids, LAYERS, count);
}

/** Makes the judge write a line break where it would have written its token number `index`. */
function breakLineAt(index: number) {
  return (judge: RandomCheckpoint) => {
    const { values, shape } = judge.weights.get('lm_head.weight')!;
    const width = shape[1]!;
    const lineBreak = openTokenizer(judge.folder).encode('\n').at(-1)!;
    const start = greedyIds(judge, index + 1)[index]! * width;
    values.set(
      values.slice(start, start + width).map((weight) => weight * 1.25),
      lineBreak * width,
    );
  };
}

let plain: string;
let checkpoint: RandomCheckpoint;

beforeAll(() => {
  plain = importJudge('plain', (judge) => {
    checkpoint = judge;
  });
});

describe('a local judge', () => {
  it('writes what its full depth decodes greedily, and nothing of the prompt', async () => {
    const { first } = await askWith(plain, {});
    expect(first.rawText).toBe(openTokenizer(plain).decode(greedyIds(checkpoint, 8)));
    expect(first).toMatchObject({ stopReason: 'token-limit', generatedTokens: 8 });
    expect(first.promptTokens).toBe(openTokenizer(plain).encode(PROMPT).length);
  });

  it('answers every prompt under its own tag, the same in every batch', async () => {
    const texts = [PROMPT, 'Two', 'Three of them', 'Four'];
    const { answers } = await askWith(plain, { batchSize: 4 }, texts);
    expect([...answers.keys()].sort()).toEqual([...texts].sort());
    for (const text of texts) {
      const { first } = await askWith(plain, { batchSize: 1 }, [text]);
      expect(first.rawText).toBe(answers.get(text)!.rawText);
    }
  });

  it('writes the same whatever memory it may use for what prompts share', async () => {
    const texts = Array.from({ length: 5 }, (_, index) => `${'They all begin alike, '.repeat(3)}${index}.`);
    const textsWith = async (memoryMB: number) => {
      const { answers } = await askWith(plain, { decoding: 'beams', memoryMB }, texts);
      return texts.map((text) => answers.get(text)!.rawText);
    };
    expect(await textsWith(1)).toEqual(await textsWith(1000));
  });

  it('stops after the first line for a verdict only, and goes on otherwise', async () => {
    const path = importJudge('breaks', breakLineAt(2));
    const { first: greedy } = await askWith(path, {});
    const { first: verdict } = await askWith(path, { decoding: 'verdict-only' });
    expect(verdict.stopReason).toBe('stop-text');
    expect(verdict.generatedTokens).toBeLessThan(8);
    expect(verdict.rawText).toMatch(/^[^\n]+\n$/);
    expect(greedy.generatedTokens).toBe(8);
    expect(greedy.rawText!.startsWith(verdict.rawText!)).toBe(true);
  });

  it('does not take a line break before the verdict for the end of its line', async () => {
    const path = importJudge('breaks-first', breakLineAt(0));
    const { first } = await askWith(path, { decoding: 'verdict-only' });
    expect(first.rawText!.startsWith('\n')).toBe(true);
    expect(first.generatedTokens).toBeGreaterThan(1);
  });

  it('ends when it is interrupted', async () => {
    const judge = await openLocalJudge(plain, DEFAULTS);
    const asking = judge.ask([{ tag: 1, text: PROMPT }], AbortSignal.abort());
    await expect(asking.next()).rejects.toThrow('aborted');
    await judge.close();
  });

  it('is refused where there is no model folder', async () => {
    const error = await inputErrorOf(() => openLocalJudge(join(folder, 'nobody'), DEFAULTS));
    expect(error.code).toBe('not-found');
  });
});

describe('what a local judge says about itself', () => {
  it('has a key that goes by its weights and not by its label or settings', async () => {
    const keyOf = async (path: string, options: Partial<LocalJudgeOptions>) =>
      (await askWith(path, options, ['Two'])).judge.key;
    const key = await keyOf(plain, {});
    expect(await keyOf(plain, { label: 'renamed', maxNewTokens: 2 })).toBe(key);
    expect(
      await keyOf(
        importJudge('other', () => {}, 2),
        {},
      ),
    ).not.toBe(key);
  });

  it('names in its decoding what changes its texts, and no batch size', async () => {
    const { judge } = await askWith(plain, { decoding: 'verdict-only', batchSize: 2 });
    expect(judge.decoding).toEqual({ strategy: 'verdict-only', maxNewTokens: 8, eosTokenIds: [1] });
  });

  it('names every deviation from PandaLM’s decoding', async () => {
    const deviations = async (options: Partial<LocalJudgeOptions>) =>
      (await askWith(plain, options, [])).judge.deviations;
    const notBeams = 'greedy decoding instead of 4 beams with repetition penalty 1.2';
    expect(await deviations({ decoding: 'beams', maxNewTokens: 512 })).toEqual([]);
    expect(await deviations({ decoding: 'beams', maxNewTokens: 512, beamRule: 'transformers-4.36' })).toEqual(
      ['beams ranked as in transformers-4.36, not transformers-4.28'],
    );
    expect(await deviations({ decoding: 'greedy' })).toEqual([notBeams, 'at most 8 new tokens, not 512']);
    expect(await deviations({ decoding: 'verdict-only' })).toEqual([
      notBeams,
      'stopped after the verdict: no reason, no reference',
    ]);
  });

  it('with beams writes what beam search gives, and keys its settings', async () => {
    const { judge, first } = await askWith(plain, { decoding: 'beams' });
    const settings = { numBeams: 4, repetitionPenalty: 1.2, rule: 'transformers-4.28' } as const;
    const beams = await FullDepthModel.open(plain);
    const tokenizer = openTokenizer(plain);
    const prompts = [{ tag: 0, ids: tokenizer.encode(PROMPT) }];
    const all = { ...settings, maxNewTokens: 8, eosTokenIds: beams.manifest.eosTokenIds, batchSize: 4 };
    for await (const { tokenIds } of beamSearch(beams, prompts, all)) {
      expect(first.rawText).toBe(tokenizer.decode(tokenIds));
    }
    await beams.close();
    const { rule: beamRule, ...keyed } = settings;
    expect(judge.decoding).toEqual({
      strategy: 'beams',
      maxNewTokens: 8,
      eosTokenIds: [1],
      beamRule,
      ...keyed,
    });
    expect(first.rawText).not.toBe((await askWith(plain, {})).first.rawText);
  });
});
