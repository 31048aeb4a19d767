import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { progressOn } from '../../src/terminal/progress-bars.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

function plainProgress() {
  const lines: string[] = [];
  const stream = { isTTY: false, write: (text: string) => lines.push(text) } as unknown as NodeJS.WriteStream;
  return { lines, progress: progressOn(stream) };
}

describe('progress that is not on a terminal', () => {
  it('is a line every ten seconds and one at the end, with rate and time left', () => {
    const { lines, progress } = plainProgress();
    const task = progress.start('answers', 100, 20);
    for (let second = 0; second < 25; second++) {
      vi.advanceTimersByTime(1000);
      task.advance(2);
    }
    expect(lines).toEqual([
      'answers: 40 of 100, 2.00/s, 30 s left\n',
      'answers: 60 of 100, 2.00/s, 20 s left\n',
    ]);
    vi.advanceTimersByTime(15_000);
    task.advance(30);
    task.end();
    expect(lines.at(-1)).toBe('answers: 100 of 100, 2.00/s\n');
  });

  it('says so when everything is known', () => {
    const { lines, progress } = plainProgress();
    progress.start('answers', 7, 7).end();
    expect(lines).toEqual(['answers: 7 of 7 known\n']);
  });

  it('knows no time left before anything was done', () => {
    const { lines, progress } = plainProgress();
    const task = progress.start('answers', 7, 0);
    vi.advanceTimersByTime(1000);
    task.end();
    expect(lines).toEqual(['answers: 0 of 7, 0.00/s\n']);
  });
});

describe('progress on a terminal', () => {
  it('shows a bar for each task that runs, and every note, even one that comes last', () => {
    const written: string[] = [];
    const write = (text: string) => written.push(text) > 0;
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80, write });
    const progress = progressOn(stream as unknown as NodeJS.WriteStream);
    const answers = progress.start('answers', 100, 0);
    const verdicts = progress.start('verdicts', 10, 0);
    answers.advance(100);
    answers.end();
    progress.note('answers: 2 of 100 missing');
    verdicts.advance(9);
    verdicts.end();
    const screen = written.join('');
    expect(screen).toMatch(/answers .* 100\/100 /);
    expect(screen).toMatch(/verdicts .* 9\/10 /);
    expect(screen).toContain('answers: 2 of 100 missing\n');
    progress.note('done');
    expect(written.at(-1)).toBe('done\n');
  });
});
