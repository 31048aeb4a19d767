import type { ComponentChildren } from 'preact';
import type { RunHead } from '../../../store/read/run-head.ts';
import { scoresRead } from '../../../store/read/score-reads.ts';
import { score } from '../../content/number-text.ts';
import {
  differenceFigure,
  type RunDifference,
  runDifferences,
  type ScoredRun,
} from '../../content/run-comparison.ts';
import { Matrix } from '../../parts/matrix.tsx';
import { Ready } from '../../parts/query-state.tsx';
import { formatRoute } from '../../route.ts';
import { type OpenFile, useChange, useHead, usePage, useRead } from '../../state.ts';
import { ChangedPairs } from './compare-pairs.tsx';

export function RunDifferences({ head, second }: { head: RunHead; second: OpenFile }) {
  const { settings } = usePage().route;
  const other = second.runs.find(({ run }) => run === settings['other'])?.run ?? second.runs[0]?.run ?? '';
  return (
    <>
      <OtherRun second={second} other={other} />
      <Scored slot="first" run={head.run}>
        {(own) => (
          <Scored slot="second" run={other}>
            {(theirs) => <Both own={own} other={theirs} />}
          </Scored>
        )}
      </Scored>
    </>
  );
}

function OtherRun({ second, other }: { second: OpenFile; other: string }) {
  const change = useChange();
  if (second.runs.length < 2) return <p>The other run: {other || 'none'}.</p>;
  return (
    <label>
      The other run{' '}
      <select value={other} onChange={(event) => change({ other: event.currentTarget.value })}>
        {second.runs.map(({ run }) => (
          <option key={run}>{run}</option>
        ))}
      </select>
    </label>
  );
}

interface ScoredProps {
  readonly slot: 'first' | 'second';
  readonly run: string;
  readonly children: (scored: ScoredRun) => ComponentChildren;
}

function Scored({ slot, run, children }: ScoredProps) {
  const head = useHead(slot, run);
  const scores = useRead(slot, scoresRead(run));
  return (
    <Ready state={head}>
      {(found) => (
        <Ready state={scores}>{(cells) => found && children({ head: found, scores: cells })}</Ready>
      )}
    </Ready>
  );
}

function Both({ own, other }: { own: ScoredRun; other: ScoredRun }) {
  const differences = runDifferences(own, other, own.head.policy ?? 'average');
  const figure = differenceFigure(differences);
  if (figure === undefined) return <p>The two runs have no cell in common.</p>;
  return (
    <>
      <h2>{figure.title}</h2>
      <div class="panels">
        {differences.map((difference, index) => (
          <Matrix
            key={difference.comparison}
            panel={figure.panels[index]!}
            modelA={difference.modelA}
            modelB={difference.modelB}
            cellOf={(exitA, exitB) => differenceCell(difference, exitA, exitB)}
          />
        ))}
      </div>
      <p class="muted">{figure.footer[0]} A click on a cell lists its pairs whose verdict changed.</p>
      <ChangedPairs own={own.head} other={other.head} />
    </>
  );
}

function differenceCell({ comparison, cells }: RunDifference, exitA: number, exitB: number) {
  const cell = cells.find((one) => one.exitA === exitA && one.exitB === exitB);
  if (cell === undefined) return undefined;
  return {
    detail: `Exit ${exitA} against ${exitB}: Score ${score(cell.score)} here, ${score(cell.other)} there`,
    isFaint: false,
    href: formatRoute('compare', { with: 'second', comparison, a: String(exitA), b: String(exitB) }),
  };
}
