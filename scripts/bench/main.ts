/**
 * Measures our engine and its baselines in one run; see scripts/bench/README.md for what is compared and how.
 *
 *     npm run bench
 *     npm run bench -- --only answers --limit 8
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../src/core/errors.ts';
import { withoutTelemetry } from '../../src/core/runtime/telemetry.ts';
import { sha256 } from '../../src/core/sha256.ts';
import { renderFigure } from '../../src/figures/files/canvas.ts';
import { alignedText } from '../../src/terminal/terminal-layout.ts';
import { benchFigure, type RunHead } from './figure.ts';
import { type Goal, goalRow } from './goals.ts';
import { type Options, PARTS, readOptions } from './options.ts';
import { answersPart } from './parts/answers.ts';
import { growthPart } from './parts/growth.ts';
import { judgingPart } from './parts/judging.ts';
import { klPart } from './parts/kl.ts';
import { nanoPart } from './parts/nano.ts';
import type { PartReport } from './parts/part.ts';
import { speedPart } from './parts/speed.ts';

const PART_RUNS = {
  answers: answersPart,
  judging: judgingPart,
  speed: speedPart,
  kl: klPart,
  growth: growthPart,
  nano: nanoPart,
};

// The baselines' processes inherit it.
withoutTelemetry();
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
  const node = process.versions.node;
  console.log(`${machine.cores} × ${machine.cpu}, ${machine.memoryGb} GB, Node ${node}\n`);
  const goals: Goal[] = [];
  for (const part of options.only) {
    const head = { machine, node, startedAt: new Date().toISOString() };
    const report: PartReport = await PART_RUNS[part](options);
    goals.push(...report.goals);
    writePart(join(options.out, `${part}.json`), head, report);
  }
  console.log(alignedText([['Goals', 'measured', 'wanted', ''], ...goals.map(goalRow)]));
  drawFigure(options.out);
}

function writePart(path: string, head: RunHead, { data, goals, rows, note }: PartReport): void {
  const partSeconds = Math.round((Date.now() - Date.parse(head.startedAt)) / 1000);
  writeFileSync(path, `${JSON.stringify({ ...head, partSeconds, goals, ...data }, null, 1)}\n`);
  console.log(`${alignedText(rows)}\n${note ? `${note}\n` : ''}(${partSeconds} s)\n`);
}

/** Of all parts that were ever measured there, so that a part can be measured again alone. */
function drawFigure(out: string): void {
  const texts = PARTS.map((part) => [part, join(out, `${part}.json`)] as const)
    .filter(([, path]) => existsSync(path))
    .map(([part, path]) => [part, readFileSync(path, 'utf8')] as const);
  const figure = benchFigure(Object.fromEntries(texts.map(([part, text]) => [part, JSON.parse(text)])));
  const runSha256 = sha256(texts.map(([, text]) => text).join(''));
  const stamp = { run: 'bench', runSha256, command: 'npm run bench' };
  if (figure) writeFileSync(join(out, 'bench.png'), renderFigure(figure, { stamp }));
}
