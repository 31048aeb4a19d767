import { beforeEach, describe, expect, it } from 'vitest';
import { MAX_PASS_TOKENS } from '../../../src/engine/session/batches.ts';
import type { AskedPrompt } from '../../../src/server/lane/asked.ts';
import { PromptLine } from '../../../src/server/lane/prompt-line.ts';
import { ServedPrompt } from '../../../src/server/lane/served-prompt.ts';

const ASKED: Omit<AskedPrompt, 'ids'> = {
  lane: 0,
  exit: 2,
  maxNewTokens: 4,
  eosTokenIds: [],
  stop: [],
  echoes: false,
  streams: false,
};
let underWay: number;
let line: PromptLine;
let waiting: ServedPrompt[];

beforeEach(() => {
  underWay = 0;
  line = new PromptLine(() => underWay);
  waiting = [];
});

function add(length: number, asked: Partial<AskedPrompt> = {}): ServedPrompt {
  const ids = Array.from({ length }, () => 1);
  const prompt = new ServedPrompt(
    underWay++,
    { ...ASKED, ids, ...asked },
    { decode: () => '', onTokens: () => {} },
  );
  line.add(prompt);
  waiting.push(prompt);
  return prompt;
}

/** Indices of the prompts that are read next, in the order in which they were added. */
async function nextRead(isIdle: boolean): Promise<number[] | undefined> {
  const read = await line.next(isIdle);
  return read?.map(({ tag }) => waiting.indexOf(tag));
}

describe('beside rows that decode', () => {
  it('holds one prompt for two steps, then reads it', async () => {
    underWay = 20;
    add(5);
    expect(await nextRead(false)).toEqual([]);
    expect(await nextRead(false)).toEqual([]);
    expect(await nextRead(false)).toEqual([0]);
  });

  it('reads at once when there is a prompt for three rows', async () => {
    underWay = 6;
    add(5);
    expect(await nextRead(false)).toEqual([]);
    add(5);
    expect(await nextRead(false)).toEqual([0, 1]);
  });

  it('reads all that wait once it reads, those of other lengths too, and then holds again', async () => {
    underWay = 30;
    add(5);
    add(7);
    add(5);
    expect([await nextRead(false), await nextRead(false)]).toEqual([[], []]);
    expect(await nextRead(false)).toEqual([0, 2]);
    expect(await nextRead(false)).toEqual([1]);
    expect(await nextRead(false)).toEqual([]);
    add(5);
    expect([await nextRead(false), await nextRead(false)]).toEqual([[], []]);
    expect(await nextRead(false)).toEqual([3]);
  });

  it('counts no steps while none wait', async () => {
    underWay = 20;
    for (let step = 0; step < 5; step++) expect(await nextRead(false)).toEqual([]);
    add(5);
    expect(await nextRead(false)).toEqual([]);
  });
});

describe('with nothing else to do', () => {
  it('reads one prompt at once', async () => {
    underWay = 20;
    add(5);
    expect(await nextRead(true)).toEqual([0]);
  });

  it('waits for a prompt, and ends when the line is closed', async () => {
    const next = nextRead(true);
    add(5);
    expect(await next).toEqual([0]);
    const last = nextRead(true);
    line.close();
    expect(await last).toBeUndefined();
  });

  it('still reads what waits in a closed line', async () => {
    add(5);
    line.close();
    expect(await nextRead(true)).toEqual([0]);
    expect(await nextRead(true)).toBeUndefined();
  });
});

it('reads together what is equally long and wants states alike, within a pass', async () => {
  const long = MAX_PASS_TOKENS / 2;
  add(long);
  add(long, { echoes: true, logprobs: 0 });
  add(long);
  add(long);
  expect(await nextRead(true)).toEqual([0, 2]);
  expect(await nextRead(true)).toEqual([1]);
  expect(await nextRead(true)).toEqual([3]);
});

it('passes over prompts whose client is gone', async () => {
  add(5).isCancelled = true;
  add(5);
  expect(await nextRead(true)).toEqual([1]);
});
