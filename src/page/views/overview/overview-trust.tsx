import { protocolTitle } from '../../../judge/protocols/protocols.ts';
import {
  humanAgreementRead,
  type JudgeAgreement,
  judgeAgreementRead,
} from '../../../store/read/judge-reads.ts';
import type { RunHead } from '../../../store/read/run-head.ts';
import { checksRead } from '../../../store/read/score-reads.ts';
import { checkState } from '../../../store/tables/score-table.ts';
import { count, percent } from '../../content/number-text.ts';
import { deviations, policySentence, protocolSentences } from '../../content/protocol.ts';
import { QueryLink } from '../../parts/query-link.tsx';
import { Ready } from '../../parts/query-state.tsx';
import { Scroll } from '../../parts/scroll.tsx';
import { protocolRead } from '../../queries/run-query.ts';
import { useRead, useReads } from '../../state.ts';

/** How the run was made, and how its judge deviates from its protocol's authors. */
export function ProtocolSection({ head }: { head: RunHead }) {
  const found = deviations(head);
  const title = protocolTitle(head.judgeProtocol);
  return (
    <section aria-labelledby="protocol">
      <h2 id="protocol">Protocol</h2>
      <Ready state={useRead('first', protocolRead(head.run))}>
        {([row]) => row && <Sentences sentences={protocolSentences(head, row)} />}
      </Ready>
      {head.policy !== null && <p>{policySentence(head.policy)}</p>}
      <h3>Deviations from {title}</h3>
      {found.length === 0 ? (
        <p>None: prompt and decoding are those of its authors. That the judge is theirs is not said.</p>
      ) : (
        <Sentences sentences={found} />
      )}
    </section>
  );
}

function Sentences({ sentences }: { sentences: readonly string[] }) {
  return (
    <ul>
      {sentences.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}

const STATE_CLASSES = { passed: 'good', failed: 'bad', note: 'remark' } as const;

export function ChecksSection({ head }: { head: RunHead }) {
  const checks = useRead('first', checksRead(head.run));
  return (
    <section aria-labelledby="checks">
      <h2 id="checks">Checks</h2>
      <Ready state={checks}>
        {(found) =>
          found.length === 0 ? (
            <p>Nothing was checked yet.</p>
          ) : (
            <ul class="checks">
              {found.map(({ name, detail, ...check }) => {
                const state = checkState(check);
                return (
                  <li key={name}>
                    <strong class={STATE_CLASSES[state]}>{state}</strong> {name}: {detail}
                  </li>
                );
              })}
            </ul>
          )
        }
      </Ready>
    </section>
  );
}

/** How far the judge can be trusted, as far as that was measured. */
export function AgreementSection({ head }: { head: RunHead }) {
  const reads = { agreement: judgeAgreementRead(head.run), people: humanAgreementRead(head.run) };
  return (
    <section aria-labelledby="agreement">
      <h2 id="agreement">The judge's agreement</h2>
      <Ready state={useReads('first', reads)}>
        {({ agreement, people }) => (
          <>
            {agreement.length > 0 && <AgreementTable agreement={agreement} />}
            {people.map(({ labels, malformedRule, pairs, accuracy, accuracyLow, accuracyHigh }) => (
              <p key={`${labels} ${malformedRule}`}>
                With the labels of {labels} ({count(pairs)} pairs, malformed: {malformedRule}):{' '}
                {percent(accuracy)}, interval {percent(accuracyLow)} to {percent(accuracyHigh)}.
              </p>
            ))}
            {people.length === 0 && <p>With labelled pairs it was not measured.</p>}
          </>
        )}
      </Ready>
      <QueryLink read={reads.agreement} />
    </section>
  );
}

function AgreementTable({ agreement }: { agreement: readonly JudgeAgreement[] }) {
  return (
    <Scroll label="Agreement">
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">Comparison</th>
            <th scope="col">Pairs</th>
            <th scope="col">Same verdict in both orders</th>
            <th scope="col">Pairs with one right answer</th>
            <th scope="col">Verdicts for the right one</th>
          </tr>
        </thead>
        <tbody>
          {agreement.map(({ comparison, pairs, consistentPairs, winnerPairs, agreeingVerdicts }) => (
            <tr key={comparison}>
              <th scope="row">{comparison}</th>
              <td>{count(pairs)}</td>
              <td>{pairs > 0 ? percent(consistentPairs / pairs) : '–'}</td>
              <td>{count(winnerPairs)}</td>
              <td>{winnerPairs > 0 ? percent(agreeingVerdicts / winnerPairs / 2) : 'no known answers'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
