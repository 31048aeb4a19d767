import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { secondsFor } from '../../../src/evaluate/outlook/pace.ts';
import { timed } from '../../../src/evaluate/outlook/timed-work.ts';

const SECONDS = 0.05;

/** Ends only when it is stopped. */
const endless = (signal: AbortSignal) => setTimeout(60_000, undefined, { signal });

function counted(pieces: { readonly few: number; readonly all: number }) {
  let done = 0;
  const add = (some: number) => async () => {
    done += some;
  };
  return { few: add(pieces.few), all: add(pieces.all), done: () => done };
}

const time = (signal = new AbortController().signal) => ({ seconds: SECONDS, signal });

describe('work that gets some seconds', () => {
  it('is known whole when all of it ends', async () => {
    const result = await timed(time(), counted({ few: 2, all: 300 }));
    expect(result).toMatchObject({ isWhole: true, few: 2 });
    expect(result!.pace.perSecond).toBeGreaterThan(0);
  });

  it('counts what ended before the time was up, by the time that it had', async () => {
    const work = counted({ few: 0, all: 40 });
    const all = async (signal: AbortSignal) => {
      await work.all();
      await endless(signal);
    };
    const result = await timed(time(), { ...work, all });
    expect(result).toMatchObject({ isWhole: false });
    expect(secondsFor(40, result!.pace)).toBeLessThanOrEqual(SECONDS);
  });

  it.each(['few', 'all'] as const)('is not known when nothing of its %s ended', async (part) => {
    expect(await timed(time(), { ...counted({ few: 2, all: 300 }), [part]: endless })).toBeUndefined();
  });

  it("throws the work's own error, and the reason of whoever stops it", async () => {
    const failing = () => Promise.reject(new Error('of the work'));
    await expect(timed(time(), { ...counted({ few: 1, all: 1 }), all: failing })).rejects.toThrow(
      'of the work',
    );
    const stopped = AbortSignal.abort(new Error('Ctrl-C'));
    await expect(timed(time(stopped), { ...counted({ few: 1, all: 1 }), few: endless })).rejects.toThrow(
      'Ctrl-C',
    );
  });
});
