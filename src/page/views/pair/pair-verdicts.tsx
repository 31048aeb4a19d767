import { protocolOf } from '../../../judge/protocols/protocols.ts';
import { preferenceText } from '../../content/pair/preference-text.ts';
import { Ready } from '../../parts/query-state.tsx';
import { Quoted } from '../../parts/shown-text.tsx';
import {
  type CellAddress,
  pairVerdictsRead,
  type ResponseDetail,
  type VerdictRow,
} from '../../queries/cell-query.ts';
import { useRead } from '../../state.ts';
import { PairPrompt } from './pair-prompt.tsx';

interface PairVerdictsProps {
  readonly cell: CellAddress;
  readonly names: readonly [a: string, b: string];
  readonly id: string;
  readonly responses: readonly [a: ResponseDetail, b: ResponseDetail];
}

/** Both orders, with the judge's own words. */
export function PairVerdicts({ cell, names, id, responses }: PairVerdictsProps) {
  const verdicts = useRead('first', pairVerdictsRead(cell, id));
  return (
    <Ready state={verdicts}>
      {(found) =>
        found.length === 0 ? (
          <p>The pair is not judged yet.</p>
        ) : (
          <div class="sides">
            {found.map((verdict) => (
              <Verdict key={verdict.order} verdict={verdict} names={names} responses={responses} />
            ))}
          </div>
        )
      }
    </Ready>
  );
}

interface VerdictProps extends Pick<PairVerdictsProps, 'names' | 'responses'> {
  readonly verdict: VerdictRow;
}

function Verdict({ verdict, names, responses }: VerdictProps) {
  const { order, rawText, parsedText, slotVerdict, protocol } = verdict;
  const { reason = '', reference = '' } = protocolOf({ protocol })?.parse(parsedText ?? '') ?? {};
  const first = order === 'ab' ? names[0] : names[1];
  return (
    <article aria-label={`Verdict with ${first} first`}>
      <h2>{first} first</h2>
      <p>
        <strong>{preferenceText(verdict, names)}</strong>{' '}
        <span class="muted">(slot verdict: {slotVerdict})</span>
      </p>
      <dl>
        <dt>Reason</dt>
        <dd>
          <Quoted text={reason} empty="none" />
        </dd>
        <dt>Reference</dt>
        <dd>
          <Quoted text={reference} empty="none" />
        </dd>
      </dl>
      <details>
        <summary>The judge's text as it wrote it</summary>
        <Quoted text={rawText ?? ''} empty="nothing came" />
      </details>
      <PairPrompt verdict={verdict} responses={responses} />
    </article>
  );
}
