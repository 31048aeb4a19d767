import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { instructionId } from '../../../src/data/instructions.ts';
import type { Goal } from '../goals.ts';
import type { Options } from '../options.ts';
import { runNanoSweep } from '../sweep-runs.ts';
import type { PartReport } from './part.ts';

/** So that the largest run takes a minute or two: two exits of two models, all stages. */
const EXITS = [4, 10];
const TRAIN = 'eval-data/nano/data/train.json';

export interface GrowthData {
  readonly runs: readonly GrowthRun[];
}

export interface GrowthRun {
  readonly instructions: number;
  readonly seconds: number;
  readonly peakMemoryMb: number;
}

/** Time and memory of a sweep of ten and a hundred times as many instructions. */
export async function growthPart({ work, growth }: Options): Promise<PartReport<GrowthData>> {
  const runs: GrowthRun[] = [];
  for (const instructions of growth) {
    const path = writeInstructions(work, instructions);
    const sweep = await runNanoSweep(work, `growth-${instructions}`, (nano) => smaller(nano, path));
    runs.push({ instructions, seconds: sweep.seconds, peakMemoryMb: sweep.peakMemoryMb });
  }
  return { data: { runs }, goals: growthGoals(runs), rows: tableRows(runs) };
}

/** The first so many of the training set's instructions; a few stand there more than once, which a sweep refuses. */
function writeInstructions(work: string, count: number): string {
  const path = resolve(join(work, `instructions-${count}.json`));
  const records = JSON.parse(readFileSync(TRAIN, 'utf8')) as { instruction: string; input?: string }[];
  const byId = new Map(
    records.map((record) => [instructionId(record.instruction, record.input ?? ''), record]),
  );
  writeFileSync(path, JSON.stringify([...byId.values()].slice(0, count)));
  return path;
}

function smaller(nano: Record<string, unknown>, instructions: string): Record<string, unknown> {
  const { sft, soft } = nano['models'] as Record<string, unknown>;
  const { speed: _, ...rest } = nano;
  return {
    ...rest,
    instructions,
    models: { sft, soft },
    comparisons: [{ a: 'soft', b: 'sft', exitsA: EXITS, exitsB: EXITS }],
    kl: { positions: 20, curves: [{ model: 'soft', reference: 'sft' }] },
    limits: { malformedShare: 1 },
  };
}

/** From the second size to the last, where starting up is a small part. */
export function growthGoals(runs: readonly GrowthRun[]): Goal[] {
  const [before, last] = [runs.at(-2), runs.at(-1)];
  if (!before || !last) return [];
  const factor = last.instructions / before.instructions;
  const goal = { part: 'growth', isAtLeast: false, unit: '×' } as const;
  return [
    {
      ...goal,
      title: `time an instruction, ${last.instructions} beside ${before.instructions}`,
      measured: last.seconds / before.seconds / factor,
      target: 1.1,
    },
    {
      ...goal,
      title: `peak memory, ${last.instructions} instructions beside ${before.instructions}`,
      measured: last.peakMemoryMb / before.peakMemoryMb,
      target: 1.2,
    },
  ];
}

function tableRows(runs: readonly GrowthRun[]): string[][] {
  return [
    ['Growth, instructions', 'seconds', 'peak MB'],
    ...runs.map(({ instructions, seconds, peakMemoryMb }) => [
      `${instructions}`,
      seconds.toFixed(1),
      peakMemoryMb.toFixed(0),
    ]),
  ];
}
