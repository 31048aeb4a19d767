import { describe, expect, it } from 'vitest';
import type { ModelKind } from '../../../src/core/domain.ts';
import { publishedReason } from '../../../src/page/content/published-reason.ts';
import type { RunHead } from '../../../src/store/read/run-head.ts';

const CELLS = [{ baseline: 'SFT', exitA: 12, exitB: 40, layers: 40, score: 0 }] as never;

function headOf(
  kinds: Readonly<Record<string, ModelKind>>,
  pairs: readonly (readonly [string, string])[] = [],
): RunHead {
  const models = Object.entries(kinds).map(([model, kind]) => ({ model, label: model, kind }));
  const comparisons = pairs.map(([modelA, modelB]) => ({ name: `${modelA}-${modelB}`, modelA, modelB }));
  return { models, comparisons } as unknown as RunHead;
}

describe('why nothing of a run stands beside the paper', () => {
  it.each<[string, RunHead, string[]]>([
    ['that kinds are not said', headOf({ m: 'plain' }), ['`kind`']],
    [
      'that no comparison is one of the paper’s',
      headOf({ s: 'soft', t: 'sft' }),
      ['s is soft, t is sft', 'no comparison'],
    ],
    ['that it is not scored', headOf({ s: 'soft', t: 'sft' }, [['t', 's']]), ['t-s is not scored yet']],
  ])('says %s', (_what, head, words) => {
    for (const word of words) expect(publishedReason(head, new Set(), CELLS)).toContain(word);
  });

  it('says that the depths differ where kinds are known and all is scored, and never that nothing was published', () => {
    const head = headOf({ s: 'soft', t: 'sft' }, [['s', 't']]);
    const words = publishedReason(head, new Set(['s-t']), CELLS);
    expect(words).toContain('30 %');
    expect(words).not.toMatch(/nothing/i);
  });
});
