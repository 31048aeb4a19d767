import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What sessions of ONNX Runtime did (`programs/count-runs.mjs`). */
export interface SessionRuns {
  readonly runs: number;
  /** Inside of runs, of all threads together. */
  readonly seconds: number;
  /** Of the products with weights, in layers and in heads. */
  readonly layersFlops: number;
  readonly headsFlops: number;
}

/** Node's arguments that make a program count its sessions' runs, and the environment that names a place for the counts. */
export function countingRuns(place: string) {
  const counter = join(import.meta.dirname, 'programs/count-runs.mjs');
  return { args: ['--import', counter], env: { SORTED_EVAL_RUNS: place } };
}

/** The sums over all sessions that were closed. @throws where none was */
export function readRuns(place: string): SessionRuns {
  const sessions = readFileSync(place, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as SessionRuns);
  const sum = (key: keyof SessionRuns) => sessions.reduce((all, session) => all + session[key], 0);
  return {
    runs: sum('runs'),
    seconds: sum('seconds'),
    layersFlops: sum('layersFlops'),
    headsFlops: sum('headsFlops'),
  };
}
