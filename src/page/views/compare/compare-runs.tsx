import type { ComponentChildren } from 'preact';
import type { RunHead } from '../../../store/read/run-head.ts';
import { malformedRuleRead } from '../../../store/read/score-reads.ts';
import { score } from '../../content/number-text.ts';
import {
  differenceFigure,
  type JudgedRun,
  RUN_DIFFERENCE_SCALE,
  type RunDifference,
  runDifferences,
} from '../../content/run-comparison.ts';
import { Matrix } from '../../parts/matrix/matrix.tsx';
import { Notes } from '../../parts/notes.tsx';
import { Ready } from '../../parts/query-state.tsx';
import { pairOutcomesRead } from '../../queries/outcome-query.ts';
import { formatRoute } from '../../route.ts';
import { type OpenFile, useChange, useHead, usePage, useRead, useReads } from '../../state.ts';
import { ChangedPairs } from './compare-pairs.tsx';

export function RunDifferences({ head, second }: { head: RunHead; second: OpenFile }) {
  const { settings } = usePage().route;
  const other = second.runs.find(({ run }) => run === settings['other'])?.run ?? second.runs[0]?.run ?? '';
  return (
    <>
      <OtherRun second={second} other={other} />
      <Judged slot="first" run={head.run}>
        {(own) => (
          <Judged slot="second" run={other}>
            {(theirs) => <Both own={own} other={theirs} />}
          </Judged>
        )}
      </Judged>
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

interface JudgedProps {
  readonly slot: 'first' | 'second';
  readonly run: string;
  readonly children: (judged: JudgedRun) => ComponentChildren;
}

function Judged({ slot, run, children }: JudgedProps) {
  return (
    <Ready state={useHead(slot, run)}>
      {(head) => head && <Verdicts slot={slot} head={head} children={children} />}
    </Ready>
  );
}

function Verdicts({ slot, head, children }: Omit<JudgedProps, 'run'> & { readonly head: RunHead }) {
  const reads = head.comparisons.map(({ name }) => [name, pairOutcomesRead(head.run, name)] as const);
  const state = useReads(slot, Object.fromEntries(reads));
  return <Ready state={state}>{(verdicts) => children({ head, verdicts })}</Ready>;
}

function Both({ own, other }: { own: JudgedRun; other: JudgedRun }) {
  const [counted] = useRead('first', malformedRuleRead(own.head.run)).result ?? [];
  const rule = {
    policy: own.head.policy ?? 'average',
    malformedRule: counted?.malformedRule ?? 'dropped',
  } as const;
  const { differences, left } = runDifferences(own, other, rule);
  const figure = differenceFigure(differences, rule);
  if (figure === undefined)
    return (
      <>
        <p>The two runs have nothing in common that can be compared.</p>
        <Notes paragraphs={left} />
      </>
    );
  return (
    <>
      <h2>{figure.title}</h2>
      <div class="panels">
        {differences.map((difference, index) => (
          <Matrix
            key={difference.comparison}
            figure={figure}
            panel={figure.panels[index]!}
            scale={RUN_DIFFERENCE_SCALE}
            modelA={difference.modelA}
            modelB={difference.modelB}
            cellOf={(exitA, exitB) => differenceCell(difference, exitA, exitB)}
          />
        ))}
      </div>
      <Notes paragraphs={left} />
      <p class="muted">{figure.footer[0]} A click on a cell lists its pairs whose verdict changed.</p>
      <ChangedPairs own={own.head} other={other.head} />
    </>
  );
}

function differenceCell({ comparison, cells }: RunDifference, exitA: number, exitB: number) {
  const cell = cells.find((one) => one.exitA === exitA && one.exitB === exitB);
  if (cell === undefined) return undefined;
  return {
    detail: `Exit ${exitA} against ${exitB}: Score ${score(cell.score)} here, ${score(cell.other)} there, both on the ${cell.n} instructions that both runs judged`,
    n: cell.n,
    columns: { score: cell.score, other: cell.other, n: cell.n },
    isFaint: false,
    href: formatRoute('compare', { with: 'second', comparison, a: String(exitA), b: String(exitB) }),
  };
}
