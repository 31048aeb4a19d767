import { labelOf } from '../../../figures/run/labels.ts';
import type { DepthGap } from '../../../store/read/exit-reads.ts';
import type { RunHead } from '../../../store/read/run-head.ts';
import { gapNumbers, referenceWords } from '../../../terminal/headline/claim-words.ts';
import type { Claim } from '../../../terminal/headline/claims.ts';

const CLASSES = { 'not worse': 'good', worse: 'bad', 'not decided': 'remark' } as const;

/** Every exit with its interval, beside 0 and the margin. */
export function ExitIntervals({ head, claim }: { head: RunHead; claim: Claim }) {
  const range = rangeOf(claim.gaps);
  const name = labelOf(head, claim.model);
  return (
    <section aria-labelledby="exit-intervals">
      <h2 id="exit-intervals">
        Exits of {name} beside {referenceWords(head, claim)}
      </h2>
      <table class="intervals">
        <thead>
          <tr>
            <th scope="col">Exit</th>
            <th scope="col">
              <span class="hidden">Interval</span>
              <Scale range={range} margin={claim.gaps[0]!.margin} />
            </th>
            <th scope="col">{claim.measure === 'score' ? 'Score' : 'Difference'}</th>
            <th scope="col">Standing</th>
          </tr>
        </thead>
        <tbody>
          {claim.gaps.map((gap) => (
            <tr key={gap.exit} class={gap === claim.enough ? 'enough' : undefined}>
              <th scope="row">{gap.exit}</th>
              <td>
                <Bar gap={gap} range={range} />
              </td>
              <td class="number">{gapNumbers(gap)}</td>
              <td class={CLASSES[gap.standing]}>{gap.standing}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** At least this much lies left of the leftmost end, in units of the measure. */
const NUMBER_ROOM = 0.03;

type Range = readonly [low: number, high: number];

/** In tenths, 0 and margin within; the left end has room for the margin's number, beside the column of exits. */
function rangeOf(gaps: readonly DepthGap[]): Range {
  const ends = gaps.flatMap(({ ciLow, ciHigh, difference, margin }) => [
    ...[ciLow ?? difference, ciHigh ?? difference, -margin, margin],
  ]);
  return [Math.floor(10 * (Math.min(...ends) - NUMBER_ROOM)) / 10, Math.ceil(10 * Math.max(...ends)) / 10];
}

const place = (value: number, [low, high]: Range) => `${(100 * (value - low)) / (high - low)}%`;

function Scale({ range, margin }: { range: Range; margin: number }) {
  return (
    <div class="scale" aria-hidden="true">
      <span style={{ left: place(-margin, range) }}>{`−${margin}`}</span>
      <span style={{ left: place(0, range) }}>0</span>
    </div>
  );
}

function Bar({ gap, range }: { gap: DepthGap; range: Range }) {
  const { ciLow, ciHigh, difference, margin, standing } = gap;
  const [low, high] = [ciLow ?? difference, ciHigh ?? difference];
  return (
    <div class={`bar ${CLASSES[standing]}`} aria-hidden="true">
      <i class="margin" style={{ left: place(-margin, range) }} />
      <i class="zero" style={{ left: place(0, range) }} />
      <i class="reach" style={{ left: place(low, range), right: `calc(100% - ${place(high, range)})` }} />
      <i class="dot" style={{ left: place(difference, range) }} />
    </div>
  );
}
