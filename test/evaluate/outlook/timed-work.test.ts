import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { secondsFor } from '../../../src/evaluate/outlook/pace.ts';
import { timed } from '../../../src/evaluate/outlook/timed-work.ts';

const SECONDS = 0.05;

/** Ends only when it is stopped. */
const endless = (signal: AbortSignal) => setTimeout(60_000, undefined, { signal });

type Run = (signal: AbortSignal) => Promise<unknown>;

/** Runs that do these pieces at once, each but for those that are given. */
function counted(pieces: readonly number[], instead: { readonly [place: number]: Run } = {}) {
  let done = 0;
  const runs = pieces.map((some, place) => async (signal: AbortSignal) => {
    done += some;
    await instead[place]?.(signal);
  });
  return { runs, done: () => done };
}

const time = (seconds = SECONDS) => ({ seconds, signal: new AbortController().signal });

describe('work that gets some seconds', () => {
  it('is tried in larger parts while the next may end in time', async () => {
    const work = counted([2, 300, 900]);
    const result = await timed(time(10), work);
    expect(result!.ended).toBe(3);
    expect(result!.pace.perSecond).toBeGreaterThan(0);
    expect(work.done()).toBe(1202);
  });

  it('is not tried in a larger part that would not end in time', async () => {
    const work = counted([2, 300, 900], { 1: () => setTimeout(300) });
    expect((await timed(time(1), work))!.ended).toBe(2);
    expect(work.done()).toBe(302);
  });

  it('counts what ended before the time was up, by the time that it had', async () => {
    const result = await timed(time(), counted([0, 40], { 1: endless }));
    expect(result!.ended).toBe(1);
    expect(secondsFor(40, result!.pace)).toBeLessThanOrEqual(SECONDS);
  });

  it('is not known when the first part had no end', async () => {
    expect(await timed(time(), counted([2, 300], { 0: endless }))).toBeUndefined();
  });

  it('is not known when nothing of the second part had an end', async () => {
    expect(await timed(time(), counted([2, 0], { 1: endless }))).toBeUndefined();
  });

  it('goes by the first part where the second finds nothing more to do', async () => {
    const result = await timed(time(10), counted([4, 0, 60]));
    expect(result!.ended).toBe(3);
    expect(result!.pace.perSecond).toBeGreaterThan(0);
    const alone = await timed(time(10), counted([4, 0]));
    expect(alone!.pace.perSecond).toBeLessThan(Number.POSITIVE_INFINITY);
    expect(alone!.pace.perSecond).toBeGreaterThan(0);
  });

  it('goes by the parts before one of which nothing had an end', async () => {
    const result = await timed(time(), counted([2, 300, 0], { 2: endless }));
    expect(result!.ended).toBe(2);
    expect(secondsFor(300, result!.pace)).toBeLessThan(SECONDS);
  });

  it("throws the work's own error, and the reason of whoever stops it", async () => {
    const failing = () => Promise.reject(new Error('of the work'));
    await expect(timed(time(), counted([1, 1], { 1: failing }))).rejects.toThrow('of the work');
    const signal = AbortSignal.abort(new Error('Ctrl-C'));
    await expect(timed({ ...time(), signal }, counted([1, 1], { 0: endless }))).rejects.toThrow('Ctrl-C');
  });
});
