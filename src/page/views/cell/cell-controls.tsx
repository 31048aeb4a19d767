import { pairChoice } from '../../address.ts';
import {
  countOutcomes,
  FILTERS,
  filterNames,
  type LabelledPair,
  OUTCOMES,
  outcomeNames,
  SORTS,
} from '../../content/pair/pairs.ts';
import { useChange, usePage } from '../../state.ts';

const SORT_NAMES = {
  position: 'order of the set',
  outcome: 'outcome',
  longest: 'longest answer',
  difference: 'length a − length b',
} as const;

interface ControlsProps {
  readonly names: readonly [a: string, b: string];
  readonly pairs: readonly LabelledPair[];
}

/** What the list of pairs is narrowed and sorted by; all of it stands in the address. */
export function Controls({ names, pairs }: ControlsProps) {
  const choice = pairChoice(usePage().route.settings);
  const change = useChange();
  const found = pairs.filter((pair) => pair.found);
  const counts = countOutcomes(found);
  const outcomes = outcomeNames(names);
  const filters = filterNames(names);
  const categories = [...new Set(pairs.flatMap(({ category }) => category ?? []))].sort();
  return (
    <form class="controls" onSubmit={(event) => event.preventDefault()}>
      <Choice label="Outcome" name="outcome" value={choice.outcome}>
        {OUTCOMES.map((name) => [name, `${outcomes[name]} (${counts[name]})`])}
      </Choice>
      {categories.length > 0 && (
        <Choice label="Category" name="category" value={choice.category}>
          {categories.map((name) => [name, name])}
        </Choice>
      )}
      <Choice label="Only" name="filter" value={choice.filter}>
        {FILTERS.map((name) => [name, filters[name]])}
      </Choice>
      <label>
        Search{' '}
        <input
          type="search"
          value={choice.search}
          onInput={(event) => change({ search: event.currentTarget.value })}
        />
      </label>
      <label>
        Sorted by{' '}
        <select value={choice.sort} onChange={(event) => change({ sort: event.currentTarget.value })}>
          {SORTS.map((name) => (
            <option key={name} value={name}>
              {SORT_NAMES[name]}
            </option>
          ))}
        </select>
      </label>
    </form>
  );
}

interface ChoiceProps {
  readonly label: string;
  /** Of the setting in the address. */
  readonly name: string;
  readonly value: string;
  readonly children: readonly (readonly [value: string, words: string])[];
}

function Choice({ label, name, value, children }: ChoiceProps) {
  const change = useChange();
  return (
    <label>
      {label}{' '}
      <select value={value} onChange={(event) => change({ [name]: event.currentTarget.value })}>
        <option value="">all</option>
        {children.map(([choice, words]) => (
          <option key={choice} value={choice}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
