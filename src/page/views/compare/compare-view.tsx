import { cells as publishedCells, name as publishedName } from 'virtual:published-cells';
import type { RunHead } from '../../../store/read/run-head.ts';
import { Ready } from '../../parts/query-state.tsx';
import { useChange, useHead, usePage, useRun } from '../../state.ts';
import { RunDifferences } from './compare-runs.tsx';
import { PublishedDifferences } from './published-cells.tsx';

/** This run beside another one, or beside the paper's cells. */
export function CompareView() {
  const { second, route } = usePage();
  const head = useHead('first', useRun());
  const chosen = route.settings['with'] ?? (second === undefined ? 'published' : 'second');
  return (
    <>
      <h1>Two runs side by side</h1>
      <SecondPicker chosen={chosen} />
      <Ready state={head}>
        {(found) => found && <Differences head={found} isPublished={chosen !== 'second'} />}
      </Ready>
    </>
  );
}

function Differences({ head, isPublished }: { head: RunHead; isPublished: boolean }) {
  const { second } = usePage();
  if (isPublished) return <PublishedDifferences head={head} cells={publishedCells} source={publishedName} />;
  if (second === undefined) return <p>Choose a second results file, or drop one on the page.</p>;
  return <RunDifferences head={head} second={second} />;
}

function SecondPicker({ chosen }: { chosen: string }) {
  const { second, openSecond } = usePage();
  const change = useChange();
  const take = async (input: HTMLInputElement) => {
    const [file] = input.files ?? [];
    if (file === undefined) return;
    await openSecond(file);
    change({ with: 'second' });
  };
  return (
    <form class="controls" onSubmit={(event) => event.preventDefault()}>
      <label>
        Compared with{' '}
        <select value={chosen} onChange={(event) => change({ with: event.currentTarget.value })}>
          <option value="published">the paper's published cells</option>
          <option value="second">{second?.name ?? 'a second file'}</option>
        </select>
      </label>
      <label>
        Second results file{' '}
        <input type="file" accept=".db,.sqlite" onChange={(event) => void take(event.currentTarget)} />
      </label>
    </form>
  );
}
