import { type Progress, silentProgress } from './progress.ts';

/** Work that is counted in bytes and shown in megabytes. */
export interface ByteTask {
  readonly advance: (bytes: number) => void;
  readonly end: () => void;
}

const MEGABYTE = 1e6;
/** Less is read in a moment. */
const MINIMAL_BYTES = 100 * MEGABYTE;

/** @param label what is done with them; `, MB` is added */
export function startBytes(progress: Progress, label: string, bytes: number): ByteTask {
  const shown = bytes < MINIMAL_BYTES ? silentProgress : progress;
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
