import type { Policy } from '../../core/domain.ts';
import { labelOf, scoresFigure } from '../../figures/run/run-figures.ts';
import { type ScoreEvidence, scoreNotes } from '../../figures/run/score-notes.ts';
import type { RunHead } from '../../store/read/run-head.ts';
import type { CellScore } from '../../store/tables/score-table.ts';
import { isSignificant, SIGNIFICANCE, scoreDetail } from '../cell-detail.ts';
import { Matrix } from '../parts/matrix.tsx';
import { QueryLink } from '../parts/query-link.tsx';
import { Answered } from '../parts/query-state.tsx';
import { scoresQuery } from '../queries/shown-queries.ts';
import { useAsk, useChange, useLink, usePage } from '../state.ts';

/** Every comparison as its matrix. */
export function ScoresSection({ head }: { head: RunHead }) {
  const scores = useAsk('first', 'scores', head.run);
  const policy = usePolicy(head);
  return (
    <section aria-labelledby="scores">
      <h2 id="scores">Scores</h2>
      <p>
        Score = (wins − losses) / total. Above 0 (blue): the model of the row is preferred. A dashed cell
        cannot be told from chance (corrected p above {SIGNIFICANCE}). A click shows the pairs behind a cell.
      </p>
      <Answered asked={scores}>
        {(found) => (
          <>
            <PolicyPicker policy={policy} found={found} />
            <Matrices head={head} scores={found} policy={policy} />
            <Notes head={head} policy={policy} />
          </>
        )}
      </Answered>
    </section>
  );
}

function usePolicy(head: RunHead): Policy {
  const { settings } = usePage().route;
  return (settings['policy'] as Policy | undefined) ?? head.policy ?? 'average';
}

function PolicyPicker({ policy, found }: { policy: Policy; found: readonly CellScore[] }) {
  const change = useChange();
  const policies = [...new Set(found.map((cell) => cell.policy))].sort();
  if (policies.length < 2) return null;
  return (
    <label>
      Policy{' '}
      <select value={policy} onChange={(event) => change({ policy: event.currentTarget.value })}>
        {policies.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

function Matrices({ head, scores, policy }: { head: RunHead; scores: readonly CellScore[]; policy: Policy }) {
  const link = useLink();
  const figure = scoresFigure(head, scores, NO_EVIDENCE, policy);
  if (figure === undefined) return <p>Nothing is scored yet.</p>;
  return (
    <div class="panels">
      {head.comparisons.map(({ name, modelA, modelB }, index) => {
        const cells = scores.filter((cell) => cell.comparison === name && cell.policy === policy);
        const labels = [labelOf(head, modelA), labelOf(head, modelB)] as const;
        return (
          <div key={name}>
            <Matrix
              panel={figure.panels[index]!}
              modelA={labels[0]}
              modelB={labels[1]}
              cellOf={(exitA, exitB) => {
                const cell = cells.find((one) => one.exitA === exitA && one.exitB === exitB);
                const address = { comparison: name, a: String(exitA), b: String(exitB) };
                return (
                  cell && {
                    detail: scoreDetail(cell, ...labels),
                    isFaint: !isSignificant(cell),
                    href: link('cell', address),
                  }
                );
              }}
            />
            <QueryLink sql={scoresQuery(head.run, name, policy)} />
          </div>
        );
      })}
    </div>
  );
}

/** The matrices need not wait for what stands under them. */
const NO_EVIDENCE: ScoreEvidence = { orders: [], malformedRule: 'dropped', agreement: [], people: [] };

function Notes({ head, policy }: { head: RunHead; policy: Policy }) {
  const comparisons = head.comparisons.map(({ name }) => name);
  const evidence = useAsk('first', 'evidence', head.run, comparisons);
  return (
    <Answered asked={evidence}>
      {(found) => (
        <ul class="notes">
          {scoreNotes(head, found, policy).map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </Answered>
  );
}
