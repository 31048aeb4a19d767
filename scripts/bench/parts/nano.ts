import { runTypeScript } from '../child.ts';
import type { Options } from '../options.ts';
import { betterPeaks } from '../programs/peaks.ts';
import type { SessionRuns } from '../session-runs.ts';
import { runNanoSweep } from '../sweep-runs.ts';
import type { Peaks } from '../types.ts';
import type { PartReport } from './part.ts';

/** Of the peak of products: what a sweep of small matrices is to reach. */
const SHARE_OF_PEAK = 0.4;

export interface NanoData {
  readonly seconds: number;
  readonly peakMemoryMb: number;
  /** Of the sweep's sessions. */
  readonly runs: SessionRuns;
  readonly peaks: Peaks;
  /** What the FLOPs of `runs` take at 40 % of the peak. */
  readonly boundSeconds: number;
}

/** The whole default sweep, from nothing, beside the time that its products would take at 40 % of the machine's peak. */
export async function nanoPart({ work, threads }: Options): Promise<PartReport<NanoData>> {
  const measured = async () =>
    (await runTypeScript<{ threads: number }, Peaks>('our-peaks.ts', { threads })).result;
  const before = await measured();
  const sweep = await runNanoSweep(work, 'nano', (nano) => nano);
  const peaks = betterPeaks(before, await measured());
  const { seconds, peakMemoryMb, runs } = sweep;
  const flops = runs.layersFlops + runs.headsFlops;
  const boundSeconds = flops / (SHARE_OF_PEAK * peaks.flopsPerSecond);
  return {
    data: { seconds, peakMemoryMb, runs, peaks, boundSeconds },
    goals: [
      {
        part: 'nano',
        title: 'full nano sweep, beside its products at 40 % of the peak',
        measured: seconds,
        target: boundSeconds,
        isAtLeast: false,
        unit: 's',
      },
    ],
    rows: [
      ['Nano sweep', 'seconds', 'peak MB', 'TFLOP', 'at 40 % of peak', 'of peak'],
      [
        'all stages',
        seconds.toFixed(1),
        peakMemoryMb.toFixed(0),
        (flops / 1e12).toFixed(2),
        `${boundSeconds.toFixed(1)} s`,
        `${((100 * flops) / (seconds * peaks.flopsPerSecond)).toFixed(0)} %`,
      ],
    ],
  };
}
