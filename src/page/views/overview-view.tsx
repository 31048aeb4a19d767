import type { RunHead } from '../../store/read/run-head.ts';
import { Answered } from '../parts/query-state.tsx';
import { useAsk, usePage, useRun } from '../state.ts';
import { KlSection, MemorySection, QualitySpeedSection } from './overview-charts.tsx';
import { ScoresSection } from './overview-scores.tsx';
import { AgreementSection, ChecksSection, ProtocolSection } from './overview-trust.tsx';

/** Everything about a run at a glance. */
export function Overview() {
  const run = useRun();
  return (
    <Answered asked={useAsk('first', 'head', run)}>
      {(head) => head && <RunOverview key={run} head={head} />}
    </Answered>
  );
}

function RunOverview({ head }: { head: RunHead }) {
  const { file } = usePage();
  const isFinished = file.runs.find(({ run }) => run === head.run)?.finishedAt !== null;
  return (
    <>
      <h1>Run {head.run}</h1>
      <p>
        {head.models.map(({ label }) => label).join(', ')} on {head.instructions} instructions; judge:{' '}
        {head.judge ?? 'none yet'}.{!isFinished && ' The run is not finished: this is what is there.'}
      </p>
      <ScoresSection head={head} />
      <ChecksSection head={head} />
      <KlSection head={head} />
      <QualitySpeedSection head={head} />
      <MemorySection head={head} />
      {/* Last: over all verdicts, so it takes longest, and one question waits for another. */}
      <AgreementSection head={head} />
      <ProtocolSection head={head} />
    </>
  );
}
