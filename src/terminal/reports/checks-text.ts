import type { CheckRecord } from '../../store/tables/score-table.ts';
import { labelledText } from '../terminal-layout.ts';

const WIDTH = 80;

/** A title and one line for each check; a long one wraps below itself. */
export function checksText(title: string, checks: readonly CheckRecord[]): string {
  const lines = checks.map(({ name, passed, detail }) => {
    const mark = `  ${passed ? 'passed' : 'FAILED'}  `;
    return labelledText(mark, `${name}: ${detail}`, mark.length, WIDTH);
  });
  return [title, ...lines].join('\n');
}
