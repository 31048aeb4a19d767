/** What every part of the page can reach: the open files and the address. */
import { createContext } from 'preact';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import type { Read } from '../store/read/read.ts';
import type { RunHead } from '../store/read/run-head.ts';
import type { Engine } from './engine/engine.ts';
import { chosenRun } from './engine/served.ts';
import type { Slot } from './engine/worker-messages.ts';
import type { RunRow } from './queries/run-query.ts';
import { formatRoute, type Place, type Route, type Settings } from './route.ts';

export interface OpenFile {
  readonly name: string;
  readonly runs: readonly RunRow[];
}

export interface PageState {
  readonly engine: Engine;
  /** Rises whenever a file in it was replaced, so that every query runs again. */
  readonly revision: number;
  readonly file: OpenFile;
  readonly second: OpenFile | undefined;
  readonly route: Route;
  readonly openSecond: (file: File) => Promise<void>;
}

export const PageContext = createContext<PageState | undefined>(undefined);

export function usePage(): PageState {
  return useContext(PageContext)!;
}

/** The run that the address names, else the one that the page was made for, else the newest one of the file. */
export function useRun(): string {
  const { file, route } = usePage();
  return runOf(file, route);
}

export function runOf({ runs }: OpenFile, { settings }: Route): string {
  const known = (named: string | undefined) => runs.find(({ run }) => run === named)?.run;
  return known(settings['run']) ?? known(chosenRun()) ?? runs[0]?.run ?? '';
}

/** Address of a place in the run that is shown. */
export function useLink(): (place: Place, settings?: Settings) => string {
  const { file } = usePage();
  const run = useRun();
  const named: Settings = file.runs.length > 1 ? { run } : {};
  return (place, settings = {}) => formatRoute(place, { ...named, ...settings });
}

/** Changes settings of the address in its place; going back leaves the place. */
export function useChange(): (changes: Settings) => void {
  const { route } = usePage();
  return (changes) => {
    const hash = formatRoute(route.place, { ...route.settings, ...changes });
    history.replaceState(null, '', hash);
    dispatchEvent(new HashChangeEvent('hashchange'));
  };
}

export interface QueryState<T> {
  /** The last result, also while the next is on its way; `undefined` before the first. */
  readonly result: T | undefined;
  readonly problem: string | undefined;
  readonly isWaiting: boolean;
}

/** Rows of a read from the file in a slot; read again when the read or the file changes. */
export function useRead<Row>(slot: Slot, read: Read<Row>): QueryState<readonly Row[]> {
  return useQuery(keyOf(slot, read), (engine) => engine.read(slot, read));
}

/** Rows of several reads, once all are there. */
export function useReads<Wanted extends Readonly<Record<string, Read<unknown>>>>(
  slot: Slot,
  reads: Wanted,
): QueryState<RowsOf<Wanted>> {
  const named = Object.entries(reads);
  const key = named.map(([name, read]) => `${name} ${keyOf(slot, read)}`).join();
  return useQuery(key, async (engine) => {
    const rows = named.map(async ([name, read]) => [name, await engine.read(slot, read)] as const);
    return Object.fromEntries(await Promise.all(rows)) as unknown as RowsOf<Wanted>;
  });
}

type RowsOf<Wanted> = {
  readonly [Name in keyof Wanted]: Wanted[Name] extends Read<infer Row> ? readonly Row[] : never;
};

/** What every part of a run's page shows; the result is `undefined` where the file has no such run. */
export function useHead(slot: Slot, run: string): QueryState<RunHead | undefined> {
  return useQuery(JSON.stringify([slot, run]), (engine) => engine.head(slot, run));
}

function keyOf(slot: Slot, { sql, params }: Read<unknown>): string {
  return JSON.stringify([slot, sql, params]);
}

/** @param key changes with what `query` depends on */
function useQuery<T>(key: string, query: (engine: Engine) => Promise<T>): QueryState<T> {
  const { engine, revision } = usePage();
  const [state, setState] = useState<QueryState<T>>(WAITING);
  const latest = useRef('');
  useEffect(() => {
    const own = `${revision} ${key}`;
    latest.current = own;
    const settle = (settled: Partial<QueryState<T>>) => {
      // A late result must not replace that of a newer query.
      if (latest.current === own) setState({ ...WAITING, isWaiting: false, ...settled });
    };
    setState((before) => ({ ...before, isWaiting: true }));
    query(engine).then(
      (result) => settle({ result }),
      (error: Error) => settle({ problem: error.message }),
    );
  }, [engine, revision, key]);
  return state;
}

const WAITING = { result: undefined, problem: undefined, isWaiting: true };
