import type { PublishedCell } from '../../../data/published-scores.ts';
import { DIFFERENCE_SCALE } from '../../../figures/run/difference-heatmaps.ts';
import { labelOf } from '../../../figures/run/labels.ts';
import { differencesFromPublished, publishedFigure } from '../../../figures/run/published-figure.ts';
import type { RunHead } from '../../../store/read/run-head.ts';
import { scoresRead } from '../../../store/read/score-reads.ts';
import type { CellScore } from '../../../store/tables/score-table.ts';
import { score } from '../../content/number-text.ts';
import { publishedReason } from '../../content/published-reason.ts';
import { Matrix } from '../../parts/matrix/matrix.tsx';
import { Ready } from '../../parts/query-state.tsx';
import { useLink, useRead } from '../../state.ts';

interface PublishedProps {
  readonly head: RunHead;
  readonly cells: readonly PublishedCell[];
  readonly source: string;
}

export function PublishedDifferences({ head, cells, source }: PublishedProps) {
  const scores = useRead('first', scoresRead(head.run, 'average'));
  return (
    <Ready state={scores}>
      {(found) => <Panels head={head} scores={found} cells={cells} source={source} />}
    </Ready>
  );
}

function Panels({ head, scores, cells, source }: PublishedProps & { scores: readonly CellScore[] }) {
  const link = useLink();
  const { differences } = differencesFromPublished(head, scores, cells);
  const figure = publishedFigure(head, differences, source);
  if (figure === undefined) {
    const scored = new Set(scores.map(({ comparison }) => comparison));
    return <p>{publishedReason(head, scored, cells)}</p>;
  }
  return (
    <>
      <h2>{figure.title}</h2>
      <div class="panels">
        {differences.map((difference, index) => {
          const names = [difference.modelA.name, difference.modelB.name] as const;
          const comparison = head.comparisons.find(
            ({ modelA, modelB }) => names[0] === modelA && names[1] === modelB,
          );
          return (
            <Matrix
              key={difference.baseline}
              figure={figure}
              panel={figure.panels[index]!}
              scale={DIFFERENCE_SCALE}
              modelA={labelOf(head, names[0])}
              modelB={labelOf(head, names[1])}
              cellOf={(exitA, exitB) => {
                const cell = difference.cells.find((one) => one.exitA === exitA && one.exitB === exitB);
                const address = { comparison: comparison?.name ?? '', a: String(exitA), b: String(exitB) };
                return (
                  cell && {
                    detail: `Exit ${exitA} against ${exitB}: Score ${score(cell.score)}, published ${score(cell.published.score)} (exit ${cell.published.exitA} against ${cell.published.exitB})`,
                    columns: { score: cell.score, published: cell.published.score },
                    isFaint: false,
                    href: link(
                      comparison === undefined ? 'overview' : 'cell',
                      comparison === undefined ? {} : address,
                    ),
                  }
                );
              }}
            />
          );
        })}
      </div>
      <ul class="notes">
        {figure.footer.map((note) => (
          <li key={note}>{note}</li>
        ))}
        {differences.map(({ baseline, rankCorrelation, meanDifference }) => (
          <li key={baseline}>
            {baseline}: rank correlation {rankCorrelation?.toFixed(2) ?? 'not defined'}, mean difference{' '}
            {score(meanDifference)}.
          </li>
        ))}
      </ul>
    </>
  );
}
