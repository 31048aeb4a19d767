import type { Options } from '../options.ts';
import { runNanoSweep } from '../sweep-runs.ts';
import type { PartReport } from './part.ts';

export interface NanoData {
  readonly seconds: number;
  readonly peakMemoryMb: number;
}

/** The whole default sweep, from nothing. */
export async function nanoPart({ work }: Options): Promise<PartReport<NanoData>> {
  const data = await runNanoSweep(work, 'nano', (sweep) => sweep);
  const { seconds, peakMemoryMb } = data;
  return {
    data,
    goals: [
      { part: 'nano', title: 'full nano sweep', measured: seconds, target: 60, isAtLeast: false, unit: 's' },
    ],
    rows: [
      ['Nano sweep', 'seconds', 'peak MB'],
      ['all stages', seconds.toFixed(1), peakMemoryMb.toFixed(0)],
    ],
  };
}
