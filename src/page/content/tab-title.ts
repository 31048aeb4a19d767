/** What the browser's tab is called. */
import type { Place, Route, Settings } from '../route.ts';

/** `soft-vs-sft, 4 against 6 · nano · sorted-eval` */
export function tabTitle({ place, settings }: Route, run: string): string {
  return [VIEW_NAMES[place](settings), run, 'sorted-eval'].filter((part) => part !== '').join(' · ');
}

const cell = ({ comparison = '', a = '', b = '' }: Settings) => `${comparison}, ${a} against ${b}`;

const VIEW_NAMES: Readonly<Record<Place, (settings: Settings) => string>> = {
  overview: () => 'Overview',
  cell: (settings) => cell(settings),
  pair: (settings) => `${settings['instruction'] ?? 'Pair'}, ${cell(settings)}`,
  instruction: ({ id }) => (id === undefined ? 'Instructions' : `Instruction ${id}`),
  sql: () => 'SQL',
  published: () => 'Against the paper',
  compare: () => 'Two runs',
  unknown: () => 'No such view',
};
