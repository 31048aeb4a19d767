/** Servers that cannot be reached: all requests to one wait for it together, for so long and no longer. */

import { AsyncLocalStorage } from 'node:async_hooks';

/** One server, as all requests to it see it. */
export interface ServerWatch {
  /** It answered, whatever it said. */
  readonly reached: () => void;
  /**
   * No connection could be made.
   * @returns milliseconds until the next attempt; undefined: it is not worth one
   */
  readonly lost: (reason: string) => number | undefined;
}

export interface WaitSettings {
  /** For a server that is lost, and for one that never answered. Default: 120 and 3. */
  readonly waitForServerSeconds?: number | undefined;
  readonly note?: ((text: string) => void) | undefined;
}

export const DEFAULT_WAIT_SECONDS = 120;
/** What never answered was most likely never started: nobody should wait long to be told. */
const START_SECONDS = 3;
const PAUSE_MS = 500;

type ServerWatches = (baseUrl: string) => ServerWatch;

/** Of the command that runs. Requests are made far below it, by every stage. */
const current = new AsyncLocalStorage<ServerWatches>();

/** Runs `work`, all of whose requests wait for a server together, as `settings` say. */
export function waitingForServers<Result>(settings: WaitSettings, work: () => Result): Result {
  return current.run(watchServers(settings), work);
}

/** The watch of a server, which clients of one command share. */
export function watchOf(baseUrl: string): ServerWatch {
  return (current.getStore() ?? watchServers({}))(baseUrl);
}

function watchServers(settings: WaitSettings): ServerWatches {
  const watches = new Map<string, ServerWatch>();
  return (baseUrl) => {
    const watch = watches.get(baseUrl) ?? watchServer(baseUrl, settings);
    watches.set(baseUrl, watch);
    return watch;
  };
}

function watchServer(baseUrl: string, { waitForServerSeconds, note = () => {} }: WaitSettings): ServerWatch {
  let hasAnswered = false;
  let lostAt: number | undefined;
  let isGivenUp = false;
  const secondsLost = () => (performance.now() - lostAt!) / 1000;
  const limit = () => waitForServerSeconds ?? (hasAnswered ? DEFAULT_WAIT_SECONDS : START_SECONDS);
  return {
    reached: () => {
      if (lostAt !== undefined) note(`${baseUrl}: there again after ${Math.round(secondsLost())} s`);
      [hasAnswered, lostAt, isGivenUp] = [true, undefined, false];
    },
    lost: (reason) => {
      if (isGivenUp) return undefined;
      if (lostAt === undefined) {
        lostAt = performance.now();
        note(`${baseUrl}: ${reason}; waiting up to ${limit()} s for the server (--wait-for-server)`);
      }
      if (secondsLost() < limit()) return PAUSE_MS;
      isGivenUp = true;
      note(`${baseUrl}: no server after ${limit()} s. Start it, or correct baseUrl in the sweep file.`);
      return undefined;
    },
  };
}
