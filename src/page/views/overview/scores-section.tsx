import type { Policy } from '../../../core/domain.ts';
import { labelOf } from '../../../figures/run/labels.ts';
import type { FigureChoice } from '../../../figures/run/run-figure.ts';
import { SCORE_SCALE, SCORES_FIGURE, scoredComparisons } from '../../../figures/run/score-heatmaps.ts';
import { isByChance, SIGNIFICANCE } from '../../../metrics/sign-test.ts';
import type { RunHead } from '../../../store/read/run-head.ts';
import { policiesRead } from '../../../store/read/score-reads.ts';
import type { CellScore } from '../../../store/tables/score-table.ts';
import { scoreColumns, scoreDetail } from '../../content/cell-detail.ts';
import { Matrix } from '../../parts/matrix/matrix.tsx';
import { QueryLinks } from '../../parts/query-link.tsx';
import { Ready } from '../../parts/query-state.tsx';
import { useChange, useLink, useRead, useReads } from '../../state.ts';
import { FigureNotes } from './figure-section.tsx';

interface ScoresProps {
  readonly head: RunHead;
  readonly choice: FigureChoice;
}

/** The figure of the scores as matrices whose cells are links. */
export function ScoresSection({ head, choice }: ScoresProps) {
  const reads = SCORES_FIGURE.reads(head, choice);
  const { name, title } = SCORES_FIGURE;
  return (
    <section aria-labelledby={name}>
      <h2 id={name}>{title}</h2>
      <p>
        Score = (wins − losses) / total. Above 0 (blue): the model of the row is preferred. A dashed cell
        cannot be told from chance (corrected p above {SIGNIFICANCE}). A click shows the pairs behind a cell.
      </p>
      <PolicyPicker run={head.run} policy={choice.policy} />
      <Ready state={useReads('first', reads)}>
        {({ scores }) => <Matrices head={head} scores={scores} choice={choice} />}
      </Ready>
      <FigureNotes figure={SCORES_FIGURE} head={head} choice={choice} />
      <QueryLinks reads={reads} />
    </section>
  );
}

function PolicyPicker({ run, policy }: { run: string; policy: Policy }) {
  const change = useChange();
  const policies = useRead('first', policiesRead(run)).result ?? [];
  if (policies.length < 2) return null;
  return (
    <label>
      Policy{' '}
      <select value={policy} onChange={(event) => change({ policy: event.currentTarget.value })}>
        {policies.map(({ policy: name }) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

function Matrices({ head, scores, choice }: ScoresProps & { readonly scores: readonly CellScore[] }) {
  const link = useLink();
  const figure = SCORES_FIGURE.draw(head, { scores }, choice);
  if (figure === undefined) return <p>{SCORES_FIGURE.missing}</p>;
  return (
    <div class="panels">
      {scoredComparisons(head, scores).map(({ name, modelA, modelB }, index) => {
        const cells = scores.filter(({ comparison }) => comparison === name);
        const labels = [labelOf(head, modelA), labelOf(head, modelB)] as const;
        return (
          <Matrix
            key={name}
            figure={figure}
            panel={figure.panels[index]!}
            scale={SCORE_SCALE}
            modelA={labels[0]}
            modelB={labels[1]}
            cellOf={(exitA, exitB) => {
              const cell = cells.find((one) => one.exitA === exitA && one.exitB === exitB);
              const address = { comparison: name, a: String(exitA), b: String(exitB) };
              return (
                cell && {
                  detail: scoreDetail(cell, ...labels),
                  columns: scoreColumns(cell),
                  isFaint: isByChance(cell),
                  href: link('cell', address),
                }
              );
            }}
          />
        );
      })}
    </div>
  );
}
