import { useEffect, useState } from 'preact/hooks';
import { tabTitle } from './content/tab-title.ts';
import type { Engine } from './engine/engine.ts';
import type { Loaded } from './engine/load.ts';
import { Header } from './parts/header.tsx';
import { runListRead } from './queries/run-query.ts';
import { formatRoute, parseRoute, type Route } from './route.ts';
import { type OpenFile, PageContext, type PageState, runOf } from './state.ts';
import { CellView } from './views/cell/cell-view.tsx';
import { CompareView } from './views/compare/compare-view.tsx';
import { PublishedView } from './views/compare/published-view.tsx';
import { InstructionView } from './views/instruction-view.tsx';
import { NoSuchView } from './views/no-such-view.tsx';
import { Overview } from './views/overview/overview-view.tsx';
import { PairView } from './views/pair/pair-view.tsx';
import { SqlView } from './views/sql/sql-view.tsx';

/** The page looks for new results this long after the last look, or longer: looking takes a fifth of the time at most. */
const REFRESH_MS = 3000;
const REST = 4;

export function App({ engine, loaded }: { engine: Engine; loaded: Loaded }) {
  const route = useRoute();
  const [file, revision, problem] = useFile(engine, loaded);
  const [second, setSecond] = useState<{ file: OpenFile | undefined; count: number }>({
    file: loaded.second,
    count: 0,
  });
  const openSecond = async (chosen: File) => {
    await engine.open('second', chosen.name, new Uint8Array(await chosen.arrayBuffer()));
    const runs = await engine.read('second', runListRead());
    setSecond(({ count }) => ({ file: { name: chosen.name, runs }, count: count + 1 }));
  };
  const state: PageState = {
    ...{ engine, file, route, openSecond },
    second: second.file,
    revision: revision + second.count,
  };
  const dropProblem = useDrop(openSecond);
  const run = runOf(file, route);
  useEffect(() => {
    document.title = tabTitle(route, run);
  }, [route, run]);
  return (
    <PageContext.Provider value={state}>
      <Header />
      <main id="main">
        {problem !== undefined && <p role="alert">The server does not answer: {problem}</p>}
        {dropProblem !== undefined && <p role="alert">{dropProblem}</p>}
        {file.runs.length === 0 ? <p>This file has no run yet.</p> : <Place route={route} />}
      </main>
    </PageContext.Provider>
  );
}

/** A results file that is dropped anywhere is the one to compare with. */
function useDrop(openSecond: (file: File) => Promise<void>): string | undefined {
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    const allow = (event: DragEvent) => event.preventDefault();
    const take = async (event: DragEvent) => {
      event.preventDefault();
      const [dropped] = event.dataTransfer?.files ?? [];
      if (dropped === undefined) return;
      await openSecond(dropped);
      setProblem(undefined);
      location.hash = formatRoute('compare', { with: 'second' });
    };
    const takeOrTell = (event: DragEvent) =>
      void take(event).catch((error: Error) => setProblem(error.message));
    addEventListener('dragover', allow);
    addEventListener('drop', takeOrTell);
    return () => {
      removeEventListener('dragover', allow);
      removeEventListener('drop', takeOrTell);
    };
  });
  return problem;
}

function Place({ route }: { route: Route }) {
  switch (route.place) {
    case 'cell':
      return <CellView />;
    case 'pair':
      return <PairView />;
    case 'instruction':
      return <InstructionView />;
    case 'sql':
      return <SqlView key={route.settings['q'] ?? ''} />;
    case 'compare':
      return <CompareView />;
    case 'published':
      return <PublishedView />;
    case 'overview':
      return <Overview />;
    default:
      return <NoSuchView />;
  }
}

function useRoute(): Route {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  useEffect(() => {
    const follow = () => setRoute(parseRoute(location.hash));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  useEffect(() => scrollTo(0, 0), [route.place, route.settings['instruction'], route.settings['id']]);
  return route;
}

/** The open file, followed while it changes. */
function useFile(engine: Engine, { file, refresh }: Loaded): [OpenFile, number, string | undefined] {
  const [shown, setShown] = useState({ file, revision: 0 });
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    if (refresh === undefined) return undefined;
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      const isNew = document.visibilityState === 'visible' && (await refresh());
      setProblem(undefined);
      if (!isNew) return;
      // Queries of the page come first: a large file is followed at longer intervals.
      const runs = await engine.read('first', runListRead());
      setShown(({ revision }) => ({ file: { ...file, runs }, revision: revision + 1 }));
    };
    const follow = async () => {
      const startMs = performance.now();
      await look().catch((error: Error) => setProblem(error.message));
      timer = setTimeout(follow, Math.max(REFRESH_MS, REST * (performance.now() - startMs)));
    };
    timer = setTimeout(follow, REFRESH_MS);
    return () => clearTimeout(timer);
  }, [engine, refresh]);
  return [shown.file, shown.revision, problem];
}
