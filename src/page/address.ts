/** A cell as the address names it. */
import { labelOf } from '../figures/run/labels.ts';
import type { RunHead } from '../store/read/run-head.ts';
import { type PairChoice, SORTS } from './content/pair/pairs.ts';
import type { CellAddress } from './queries/cell-query.ts';
import { numberSetting, type Settings } from './route.ts';

/** `undefined` where the run has no such cell. */
export function cellAddress(head: RunHead, settings: Settings): CellAddress | undefined {
  const comparison = head.comparisons.find(({ name }) => name === settings['comparison']);
  const [exitA, exitB] = [numberSetting(settings, 'a'), numberSetting(settings, 'b')];
  if (comparison === undefined || exitA === undefined || exitB === undefined) return undefined;
  if (!comparison.exitsA.includes(exitA) || !comparison.exitsB.includes(exitB)) return undefined;
  const { name, modelA, modelB } = comparison;
  return { run: head.run, comparison: name, modelA, modelB, exitA, exitB };
}

/** `SoFT exit 6`, of a cell's two sub-models. */
export function subModelNames(head: RunHead, cell: CellAddress): readonly [a: string, b: string] {
  return [
    `${labelOf(head, cell.modelA)} exit ${cell.exitA}`,
    `${labelOf(head, cell.modelB)} exit ${cell.exitB}`,
  ];
}

export function pairChoice(settings: Settings): PairChoice {
  const { outcome = '', category = '', filter = '', search = '' } = settings;
  return {
    outcome,
    category,
    filter,
    search,
    sort: SORTS.find((name) => name === settings['sort']) ?? 'position',
  };
}

/** The parts of an address that name a cell and what is chosen of it. */
export function cellSettings(cell: CellAddress, choice: PairChoice): Settings {
  const { comparison, exitA, exitB } = cell;
  const chosen = { ...choice, sort: choice.sort === 'position' ? '' : choice.sort };
  return { comparison, a: String(exitA), b: String(exitB), ...chosen };
}
