import { depthGapsRead, layersUsedRead, speedRatiosRead } from '../../../store/read/exit-reads.ts';
import type { RunHead } from '../../../store/read/run-head.ts';
import { claimSentence, gapNumbers, gapRule, shownGap } from '../../../terminal/headline/claim-words.ts';
import { type Claim, claimsOf } from '../../../terminal/headline/claims.ts';
import { QueryLinks } from '../../parts/query-link.tsx';
import { Ready } from '../../parts/query-state.tsx';
import { useRead, useReads } from '../../state.ts';
import { CheckBadges } from './check-badges.tsx';
import { ExitIntervals } from './exit-intervals.tsx';
import { type SavedRows, Tiles } from './tiles.tsx';

/** What came out of a run, first of all: which exit is enough, what it saves, and how sure that is. */
export function Headline({ head }: { head: RunHead }) {
  const reads = {
    scores: depthGapsRead(head.run, 'score'),
    speeds: speedRatiosRead(head.run, head.speedBatchSize),
    depths: layersUsedRead(head.run),
  };
  const known = depthGapsRead(head.run, 'exact match');
  const { speeds, ...others } = reads;
  const shown = { ...others, ...(head.speedBatchSize !== null && { speeds }), 'known answers': known };
  const judged = useReads('first', reads);
  // Of a large run this takes longer, and often something can be said without it.
  const right = useRead('first', known);
  const isWaiting = judged.result?.scores.length === 0 && right.isWaiting;
  return (
    <section class="headline" aria-label="What came out">
      <Ready state={isWaiting ? { ...judged, result: undefined, isWaiting } : judged}>
        {({ scores, speeds, depths }) => (
          <Claims
            head={head}
            claims={claimsOf(head, [...scores, ...(right.result ?? [])])}
            saved={{ speeds, depths }}
          />
        )}
      </Ready>
      <QueryLinks reads={shown} />
    </section>
  );
}

interface ClaimsProps {
  readonly head: RunHead;
  readonly claims: readonly Claim[];
  readonly saved: SavedRows;
}

function Claims({ head, claims, saved }: ClaimsProps) {
  const [first, ...others] = claims;
  if (first === undefined)
    return (
      <>
        <p>
          Which exit is enough cannot be said: it takes an exit and a full model that are both judged, or both
          have responses to instructions with a known answer.
        </p>
        <CheckBadges run={head.run} />
      </>
    );
  return (
    <>
      <p class="claim">{claimSentence(head, first)}</p>
      <Tiles head={head} claim={first} saved={saved} />
      <CheckBadges run={head.run} />
      <div class="panels">
        <ExitIntervals head={head} claim={first} />
        {others.length > 0 && <Others head={head} claims={others} />}
      </div>
    </>
  );
}

function Others({ head, claims }: { head: RunHead; claims: readonly Claim[] }) {
  return (
    <section aria-labelledby="other-claims">
      <h2 id="other-claims">Besides</h2>
      <ul class="claims">
        {claims.map((claim) => {
          const gap = shownGap(claim);
          return (
            <li
              key={`${gap.measure} ${gap.comparison} ${gap.model} ${gap.referenceModel}`}
              title={gapRule(gap)}
            >
              {gap.measure === 'exact match' && 'By known answers: '}
              {claimSentence(head, claim)}{' '}
              <span class="muted">
                {gap.measure === 'score' ? 'Score' : 'Exact match'}
                {claim.enough === undefined && ` of exit ${gap.exit}`} {gapNumbers(gap)}
              </span>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
