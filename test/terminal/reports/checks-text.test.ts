import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../../src/cli/named-sweep.ts';
import { EXIT } from '../../../src/cli/terminal.ts';
import { checksText } from '../../../src/terminal/reports/checks-text.ts';

const passed = { name: 'symmetry', passed: true, detail: 'all cells' };
const badge = { name: 'equal speeds', passed: false, detail: 'two differ', isBadge: true };
const failed = { name: 'malformed', passed: false, detail: '3 of 6' };

describe('checks', () => {
  it('are passed or failed, and a badge that did not pass is a note', () => {
    expect(checksText('Checks', [passed, badge, failed])).toBe(
      [
        'Checks',
        '  passed  symmetry: all cells',
        '  NOTE    equal speeds: two differ',
        '  FAILED  malformed: 3 of 6',
      ].join('\n'),
    );
  });

  it('decide the exit code, but for badges', () => {
    expect(exitCodeOf([passed, badge])).toBe(EXIT.done);
    expect(exitCodeOf([passed, badge, failed])).toBe(EXIT.failedCheck);
  });
});
