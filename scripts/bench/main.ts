/**
 * Measures our engine and its peers in one run; scripts/bench/README.md says what is compared and how.
 *
 *     npm run bench
 *     npm run bench -- --only answers --limit 8
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../src/errors.ts';
import { renderFigure } from '../../src/figures/canvas.ts';
import { alignedText } from '../../src/report/layout.ts';
import { benchFigure } from './figure.ts';
import { type Goal, goalRow } from './goals.ts';
import { type Options, type PartName, readOptions } from './options.ts';
import { answersPart } from './parts/answers.ts';
import { growthPart } from './parts/growth.ts';
import { judgingPart } from './parts/judging.ts';
import { klPart } from './parts/kl.ts';
import { nanoPart } from './parts/nano.ts';
import { speedPart } from './parts/speed.ts';

const PART_RUNS = {
  answers: answersPart,
  judging: judgingPart,
  speed: speedPart,
  kl: klPart,
  growth: growthPart,
  nano: nanoPart,
};
export type PartReports = { [Name in PartName]?: Awaited<ReturnType<(typeof PART_RUNS)[Name]>> };

try {
  await bench(readOptions(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

async function bench(options: Options): Promise<void> {
  mkdirSync(options.out, { recursive: true });
  const machine = { cpu: cpus()[0]!.model, cores: cpus().length, memoryGb: Math.round(totalmem() / 1e9) };
  console.log(`${machine.cores} × ${machine.cpu}, ${machine.memoryGb} GB, Node ${process.versions.node}\n`);
  const reports: PartReports = {};
  for (const part of options.only) {
    const startedAt = new Date();
    const report = await PART_RUNS[part](options);
    Object.assign(reports, { [part]: report });
    const seconds = (Date.now() - startedAt.getTime()) / 1000;
    const head = { machine, node: process.versions.node, startedAt, partSeconds: seconds };
    const { data, goals } = report;
    writeFileSync(
      join(options.out, `${part}.json`),
      `${JSON.stringify({ ...head, goals, ...data }, null, 1)}\n`,
    );
    const note = 'note' in report ? `${report.note}\n` : '';
    console.log(`${alignedText(report.rows)}\n${note}(${seconds.toFixed(0)} s)\n`);
  }
  const goals: Goal[] = Object.values(reports).flatMap((report) => report.goals);
  console.log(alignedText([['Goals', 'measured', 'wanted', ''], ...goals.map(goalRow)]));
  const figure = benchFigure(reports, machine);
  if (figure) writeFileSync(join(options.out, 'bench.png'), renderFigure(figure));
}
