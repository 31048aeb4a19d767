import { preferenceText } from '../../content/pair/preference-text.ts';
import { type CellAddress, pairVerdictsRead, type VerdictRow } from '../../queries/cell-query.ts';
import { useRead } from '../../state.ts';

interface PairBadgesProps {
  readonly cell: CellAddress;
  readonly names: readonly [a: string, b: string];
  readonly id: string;
}

/** The verdicts of both orders at a glance. */
export function PairBadges({ cell, names, id }: PairBadgesProps) {
  const verdicts = useRead('first', pairVerdictsRead(cell, id)).result ?? [];
  if (verdicts.length === 0) return null;
  return (
    <ul class="badges" aria-label="Verdicts">
      {verdicts.map((verdict) => (
        <li key={verdict.order} class={`badge of-${verdict.preference}`}>
          <span class="muted">{names[verdict.order === 'ab' ? 0 : 1]} first:</span>{' '}
          {preferenceText(verdict, names)}
        </li>
      ))}
      {isFlip(verdicts) && <li class="badge of-flip">Changes with the order</li>}
    </ul>
  );
}

function isFlip(verdicts: readonly VerdictRow[]): boolean {
  const preferences = new Set(verdicts.map(({ preference }) => preference));
  return verdicts.length === 2 && preferences.size === 2 && !preferences.has('malformed');
}
