/** What every part of the page can reach: the open files and the address. */
import { createContext } from 'preact';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import type { Engine } from './engine.ts';
import type { AnswerTo, QuestionArguments, QuestionName } from './queries/page-queries.ts';
import type { RunRow } from './queries/run-query.ts';
import { formatRoute, type Place, type Route, type Settings } from './route.ts';
import type { Slot } from './worker-messages.ts';

export interface OpenFile {
  readonly name: string;
  readonly runs: readonly RunRow[];
}

export interface PageState {
  readonly engine: Engine;
  /** Rises whenever a file in it was replaced, so that everything is asked anew. */
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

/** The run that the address names, else the first one of the file. */
export function useRun(): string {
  const { file, route } = usePage();
  return file.runs.find(({ run }) => run === route.settings['run'])?.run ?? file.runs[0]?.run ?? '';
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

export interface Asked<T> {
  /** The last answer, also while the next is on its way; `undefined` before the first. */
  readonly answer: T | undefined;
  readonly problem: string | undefined;
  readonly isWaiting: boolean;
}

/** An answer of the file in a slot; asked again when the arguments or the file change. */
export function useAsk<Name extends QuestionName>(
  slot: Slot,
  question: Name,
  ...args: QuestionArguments<Name>
): Asked<AnswerTo<Name>> {
  const { engine, revision } = usePage();
  const [asked, setAsked] = useState<Asked<AnswerTo<Name>>>(WAITING);
  const key = JSON.stringify([slot, question, args]);
  const latest = useRef('');
  useEffect(() => {
    const own = `${revision} ${key}`;
    latest.current = own;
    const settle = (settled: Partial<Asked<AnswerTo<Name>>>) => {
      // An answer that comes late must not replace that to a newer question.
      if (latest.current === own) setAsked({ ...WAITING, isWaiting: false, ...settled });
    };
    setAsked((before) => ({ ...before, isWaiting: true }));
    engine.ask(slot, question, ...args).then(
      (answer) => settle({ answer }),
      (error: Error) => settle({ problem: error.message }),
    );
  }, [engine, revision, key]);
  return asked;
}

const WAITING = { answer: undefined, problem: undefined, isWaiting: true };
