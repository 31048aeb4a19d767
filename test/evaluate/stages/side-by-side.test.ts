import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { sideBySide } from '../../../src/evaluate/stages/side-by-side.ts';

const untilStopped = (signal: AbortSignal) => delay(60_000, 'never', { signal });

describe('works side by side', () => {
  it('run at the same time, and their results come in their order', async () => {
    let meet = (_word: string) => {};
    const first = () =>
      new Promise<string>((resolve) => {
        meet = resolve;
      });
    const second = async () => {
      meet('met');
      return 'second';
    };
    expect(await sideBySide([first, second])).toEqual(['met', 'second']);
  });

  it('are stopped when one fails, whose error comes out once all have ended', async () => {
    let hasEnded = false;
    const slow = (signal: AbortSignal) =>
      untilStopped(signal).finally(async () => {
        await delay(20);
        hasEnded = true;
      });
    const failing = async () => {
      throw new Error('the judge is gone');
    };
    await expect(sideBySide([slow, failing])).rejects.toThrow('the judge is gone');
    expect(hasEnded).toBe(true);
  });

  it('end with the reason of the signal that stops both', async () => {
    const stop = new AbortController();
    const works = sideBySide([untilStopped, untilStopped], stop.signal);
    stop.abort(new Error('Ctrl-C'));
    await expect(works).rejects.toMatchObject({ name: 'AbortError', cause: new Error('Ctrl-C') });
  });
});
