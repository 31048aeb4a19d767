import { Ready } from '../../parts/query-state.tsx';
import { useChange, useHead, usePage, useRun } from '../../state.ts';
import { RunDifferences } from './compare-runs.tsx';

/** This run beside one of another file. */
export function CompareView() {
  const { second } = usePage();
  const state = useHead('first', useRun());
  return (
    <>
      <h1>Two runs side by side</h1>
      <SecondPicker />
      {second === undefined ? (
        <p>Choose a second results file, or drop one on the page.</p>
      ) : (
        <Ready state={state}>{(head) => head && <RunDifferences head={head} second={second} />}</Ready>
      )}
    </>
  );
}

function SecondPicker() {
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
        Second results file{' '}
        <input type="file" accept=".db,.sqlite" onChange={(event) => void take(event.currentTarget)} />
      </label>
      {second !== undefined && <span>Compared with {second.name}</span>}
    </form>
  );
}
