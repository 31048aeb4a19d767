import type { Policy } from '../../../core/domain.ts';
import { FIGURES } from '../../../figures/run/figure-list.ts';
import type { FigureChoice, RunFigure } from '../../../figures/run/run-figure.ts';
import { SCORES_FIGURE } from '../../../figures/run/score-heatmaps.ts';
import type { RunHead } from '../../../store/read/run-head.ts';
import { Ready } from '../../parts/query-state.tsx';
import { useHead, usePage, useRun } from '../../state.ts';
import { Headline } from '../headline/headline.tsx';
import { CategorySection } from './category-section.tsx';
import { FigureSection } from './figure-section.tsx';
import { StatesSection } from './overview-states.tsx';
import { AgreementSection, ChecksSection, ProtocolSection } from './overview-trust.tsx';
import { ScoresSection } from './scores-section.tsx';

/** Everything about a run at a glance. */
export function Overview() {
  const run = useRun();
  return (
    <Ready state={useHead('first', run)}>{(head) => head && <RunOverview key={run} head={head} />}</Ready>
  );
}

function RunOverview({ head }: { head: RunHead }) {
  const { file, route } = usePage();
  const isFinished = file.runs.find(({ run }) => run === head.run)?.finishedAt !== null;
  const policy = (route.settings['policy'] as Policy | undefined) ?? head.policy ?? 'average';
  return (
    <>
      <div class="title">
        <h1>Run {head.run}</h1>
        <p class="muted">
          {head.models.map(({ label }) => label).join(', ')} on {head.instructions} instructions; judge:{' '}
          {head.judge ?? 'none yet'}.{!isFinished && ' The run is not finished: this is what is there.'}
        </p>
      </div>
      <Headline head={head} />
      <Figures section="scores" head={head} choice={{ policy }} />
      <ChecksSection head={head} />
      <StatesSection head={head} />
      <Figures section="measurements" head={head} choice={{ policy }} />
      {/* Last: over all verdicts, so they take longest, and one query waits for another. */}
      <CategorySection head={head} />
      <AgreementSection head={head} />
      <ProtocolSection head={head} />
    </>
  );
}

interface FiguresProps {
  readonly section: RunFigure['section'];
  readonly head: RunHead;
  readonly choice: FigureChoice;
}

function Figures({ section, head, choice }: FiguresProps) {
  const own = FIGURES.filter((figure) => figure.section === section && (figure.isFor?.(head) ?? true));
  return (
    <>
      {own.map((figure) =>
        figure.name === SCORES_FIGURE.name ? (
          <ScoresSection key={figure.name} head={head} choice={choice} />
        ) : (
          <FigureSection key={figure.name} figure={figure} head={head} choice={choice} />
        ),
      )}
    </>
  );
}
