import { Presets, SingleBar } from 'cli-progress';

/** One counted piece of work. */
export interface Task {
  advance(units: number): void;
  end(): void;
}

export interface Progress {
  /** A line about something that is not counted. */
  note(text: string): void;
  /** @param done units that were known already; they do not count for the rate */
  start(label: string, total: number, done: number): Task;
}

const PLAIN_INTERVAL_MS = 10_000;

/** For tests and for use as a library. */
export const silentProgress: Progress = {
  note: () => {},
  start: () => ({ advance: () => {}, end: () => {} }),
};

/** Bars on a terminal, plain lines every ten seconds elsewhere; rate and time left on both. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  const note = (text: string) => void stream.write(`${text}\n`);
  return {
    note,
    start: (label, total, done) => {
      if (done === total) {
        note(`${label}: ${total} of ${total} known`);
        return silentProgress.start(label, total, done);
      }
      return stream.isTTY ? barTask(stream, label, total, done) : plainTask(note, label, total, done);
    },
  };
}

function barTask(stream: NodeJS.WriteStream, label: string, total: number, done: number): Task {
  const format = `${label.padEnd(28)} {bar} {value}/{total} {rate}/s {left}`;
  const bar = new SingleBar({ stream, format, barsize: 20, gracefulExit: false }, Presets.shades_classic);
  const count = counter(total, done);
  bar.start(total, done, { rate: '-', left: '' });
  return {
    advance: (units) => {
      count.advance(units);
      bar.update(count.done(), count.text());
    },
    end: () => bar.stop(),
  };
}

function plainTask(note: (text: string) => void, label: string, total: number, done: number): Task {
  const count = counter(total, done);
  const line = () => {
    const { rate, left } = count.text();
    note(`${label}: ${count.done()} of ${total}, ${rate}/s${left ? `, ${left}` : ''}`);
  };
  let lastLineAt = performance.now();
  return {
    advance: (units) => {
      count.advance(units);
      if (performance.now() - lastLineAt < PLAIN_INTERVAL_MS) return;
      lastLineAt = performance.now();
      line();
    },
    end: line,
  };
}

function counter(total: number, known: number) {
  const startedAt = performance.now();
  let done = known;
  return {
    advance: (units: number) => {
      done += units;
    },
    done: () => done,
    text: () => {
      const perSecond = ((done - known) / (performance.now() - startedAt)) * 1000;
      const isOpen = done < total && perSecond > 0;
      const left = isOpen ? `${Math.ceil((total - done) / perSecond)} s left` : '';
      return { rate: perSecond.toPrecision(3), left };
    },
  };
}
