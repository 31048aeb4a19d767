import { MultiBar, Presets } from 'cli-progress';
import { type Progress, silentProgress, type Task } from '../core/progress.ts';
import { redact } from '../core/runtime/redact.ts';
import { visible } from './text-width.ts';

const PLAIN_INTERVAL_MS = 10_000;
/** Columns of a label beside its bar. */
const MAX_LABEL = 60;

/** Bars on a terminal, plain lines every ten seconds elsewhere; rate and time left on both. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  const bars = stream.isTTY ? new Bars(stream) : undefined;
  // Names of models and words of servers come in: each stays one harmless line.
  const note = (text: string) => {
    const line = visible(redact(text), Number.POSITIVE_INFINITY);
    if (bars) bars.note(line);
    else stream.write(`${line}\n`);
  };
  return {
    note,
    start: (label, total, done) => {
      if (done === total) {
        note(`${label}: ${total} of ${total} known`);
        return silentProgress.start(label, total, done);
      }
      return bars ? bars.start(label, total, done) : plainTask(note, label, total, done);
    },
  };
}

/** The bars of tasks that run at the same time; notes go above them. */
class Bars {
  readonly #stream: NodeJS.WriteStream;
  #group: MultiBar | undefined;
  #running = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  note(text: string): void {
    if (this.#group) this.#group.log(`${text}\n`);
    else this.#stream.write(`${text}\n`);
  }

  start(label: string, total: number, done: number): Task {
    const format = `${visible(label, MAX_LABEL).padEnd(28)} {bar} {value}/{total} {rate}/s {left}`;
    // A note moves all bars down, also those that have not changed.
    const options = { stream: this.#stream, barsize: 20, gracefulExit: false, forceRedraw: true };
    this.#group ??= new MultiBar(options, Presets.shades_classic);
    const group = this.#group;
    this.#running++;
    const count = counter(total, done);
    const bar = group.create(total, done, { rate: '-', left: '' }, { format });
    return {
      advance: (units) => {
        count.advance(units);
        bar.update(count.done(), count.text());
      },
      end: () => {
        bar.stop();
        if (--this.#running > 0) return;
        // A last time, since notes may wait.
        group.update();
        group.stop();
        this.#group = undefined;
      },
    };
  }
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
