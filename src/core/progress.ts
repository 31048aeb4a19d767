/** What long work reports to; `terminal/progress-bars.ts` shows it. */

/** One counted piece of work. */
export interface Task {
  advance(units: number): void;
  end(): void;
}

export interface Progress {
  /** A line about something that is not counted. */
  note(text: string): void;
  /** @param done units that are stored already; they do not count for the rate */
  start(label: string, total: number, done: number): Task;
}

/** For tests and for use as a library. */
export const silentProgress: Progress = {
  note: () => {},
  start: () => ({ advance: () => {}, end: () => {} }),
};

/** Work that is counted in bytes and shown in megabytes. */
export interface ByteTask {
  readonly advance: (bytes: number) => void;
  readonly end: () => void;
}

const MEGABYTE = 1e6;
/** Fewer are read in a moment. */
const MIN_SHOWN_BYTES = 100 * MEGABYTE;

/** @param label what is done with them; `, MB` is added */
export function startBytes(progress: Progress, label: string, bytes: number): ByteTask {
  const shown = bytes < MIN_SHOWN_BYTES ? silentProgress : progress;
  const task = shown.start(`${label}, MB`, Math.floor(bytes / MEGABYTE), 0);
  let done = 0;
  return {
    advance: (more) => {
      task.advance(Math.floor((done + more) / MEGABYTE) - Math.floor(done / MEGABYTE));
      done += more;
    },
    end: () => task.end(),
  };
}
