import { type CheckRecord, checkState } from '../../store/tables/score-table.ts';
import { labelledText } from '../terminal-layout.ts';

const WIDTH = 80;
const WORDS = { passed: 'passed', failed: 'FAILED', note: 'NOTE  ' } as const;

/** A title and one line for each check; a long one wraps below itself. */
export function checksText(title: string, checks: readonly CheckRecord[]): string {
  const lines = checks.map(({ name, detail, ...check }) => {
    const mark = `  ${WORDS[checkState(check)]}  `;
    return labelledText(mark, `${name}: ${detail}`, mark.length, WIDTH);
  });
  return [title, ...lines].join('\n');
}
