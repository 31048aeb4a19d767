/** Which run of a results file is meant. */
import { InputError } from '../../core/errors.ts';
import { canonicalJson, type JsonValue } from '../../core/json.ts';
import { nearest } from '../../core/nearest.ts';
import type { Store } from '../database.ts';
import { readJudge } from '../tables/judge-table.ts';
import { nameOfRun, type RunRecord, readRuns } from '../tables/run-table.ts';
import { parseStoredSetup } from '../tables/stored-setup.ts';
import { readRunSha256 } from './run-hash.ts';

/** Hex digits that a hash needs at least. */
const MIN_DIGITS = 8;

/**
 * Finds a run by its key (`nano`, `nano~1f0c9a3e`), by its name, or by the first digits of its setup's hash or of the hash
 * that figures carry. A key goes first: of several runs with one name, the bare name is the key of the first. Where nothing is
 * named: the newest.
 * @returns the run's key
 * @throws InputError `bad-query` that names the nearest
 */
export function findRun(store: Store, named: string | undefined): string {
  const runs = readRuns(store);
  const found = named === undefined ? newest(runs) : runNamed(store, runs, named);
  if (found !== undefined) return found.run;
  throw noSuchRun(store, runs, named);
}

export interface FoundRun {
  /** The run's key. */
  readonly run: string;
  /** In what it is another one than the sweep file's, where that one is not stored. */
  readonly other?: 'setup' | 'judge';
}

/**
 * The run of a sweep file: that of its setup and its judge, as far as the file alone tells, else the newest of its setup, else
 * of its name.
 * @throws InputError `bad-query`
 */
export function findRunOfSetup(store: Store, name: string, setup: JsonValue, judge?: JsonValue): FoundRun {
  const text = canonicalJson(setup);
  const ofName = readRuns(store).filter((run) => nameOfRun(run) === name);
  const ofSetup = ofName.filter((run) => setupText(run) === text);
  if (ofSetup.length === 0) return { run: newest(ofName)?.run ?? findRun(store, name), other: 'setup' };
  const stored = (run: RunRecord) => readJudge(store, run.run)?.setup;
  const judged = newest(ofSetup.filter((run) => isOfJudge(stored(run), judge)));
  if (judged !== undefined) return { run: judged.run };
  const found = newest(ofSetup)!;
  // Older versions did not store it.
  const isKnown = judge !== undefined && stored(found) !== undefined;
  return { run: found.run, ...(isKnown && { other: 'judge' }) };
}

/** Without what the checkpoints decided. */
function setupText({ run, configJson }: RunRecord): string {
  const { firstTokens: _, ...setup } = parseStoredSetup(configJson, run) as Record<string, JsonValue>;
  return canonicalJson(setup);
}

function isOfJudge(stored: JsonValue | undefined, judge: JsonValue | undefined): boolean {
  return stored !== undefined && judge !== undefined && canonicalJson(stored) === canonicalJson(judge);
}

function runNamed(store: Store, runs: readonly RunRecord[], named: string): RunRecord | undefined {
  const isHash = new RegExp(`^[0-9a-f]{${MIN_DIGITS},64}$`).test(named);
  const hashesOf = ({ run, configSha256 }: RunRecord) => [configSha256, readRunSha256(store, run)];
  return (
    runs.find(({ run }) => run === named) ??
    newest(runs.filter((run) => nameOfRun(run) === named)) ??
    (isHash ? newest(runs.filter((run) => hashesOf(run).some((hash) => hash?.startsWith(named)))) : undefined)
  );
}

function newest(runs: readonly RunRecord[]): RunRecord | undefined {
  return runs.reduce<RunRecord | undefined>(
    (last, run) => (last === undefined || run.startedAt >= last.startedAt ? run : last),
    undefined,
  );
}

function noSuchRun(store: Store, runs: readonly RunRecord[], named = ''): InputError {
  const names = runs.map(({ run }) => run);
  const fix =
    names.length === 0 ? 'Run `sorted-eval sweep` first.' : `Did you mean ${nearest(named, names)}?`;
  const found = names.length === 0 ? 'none' : JSON.stringify(named);
  return new InputError({
    code: 'bad-query',
    where: '--run',
    expected: `a run of ${store.path}`,
    found,
    fix,
  });
}
