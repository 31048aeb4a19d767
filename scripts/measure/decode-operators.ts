/**
 * Where the time of decoding goes at full depth, by the rows of the batch: ONNX Runtime's own profile, one thread.
 *
 *     npx tsx scripts/measure/decode-operators.ts <model folder> [rows …]
 *
 * Core seconds are processor time: what other programs take does not count. FLOPs are those of the products with weights.
 */
import { measureDecodeSpeed } from '../../src/engine/greedy/decode-speed.ts';
import { SegmentedModel } from '../../src/engine/session/segmented-model.ts';
import { alignedText } from '../../src/terminal/terminal-layout.ts';
import { workOf } from '../bench/ideal.ts';
import { type OperatorTime, profileSessions } from './operators.ts';

const PROMPT_TOKENS = 128;
const STEPS = 24;
const LEAST_SHARE = 0.01;

interface Decoding {
  /** Processor time. */
  readonly seconds: number;
  readonly gflopPerStep: number;
  readonly operators: readonly OperatorTime[];
}

const [folder, ...batches] = process.argv.slice(2);
if (!folder) throw new Error('usage: decode-operators.ts <model folder> [rows …]');
for (const rows of batches.length > 0 ? batches.map(Number) : [1, 16, 64]) {
  // What both do, the prompt and the first steps, is subtracted.
  const [least, all] = [await decode(folder, rows, 0), await decode(folder, rows, STEPS)];
  const seconds = all.seconds - least.seconds;
  const operators = all.operators.map(({ operator, ...time }) => {
    const before = least.operators.find((other) => other.operator === operator);
    return {
      operator,
      runs: time.runs - (before?.runs ?? 0),
      seconds: time.seconds - (before?.seconds ?? 0),
    };
  });
  const speed = (STEPS * all.gflopPerStep) / seconds;
  console.log(
    `${rows} rows: ${(seconds / STEPS).toFixed(3)} core seconds a step, ${speed.toFixed(1)} GFLOP/s`,
  );
  console.log(`${alignedText([['operator', 'runs', 'of all'], ...operatorRows(operators)])}\n`);
}

async function decode(path: string, batchSize: number, steps: number): Promise<Decoding> {
  const operatorTimes = profileSessions();
  const model = await SegmentedModel.open(path, 1);
  const { architecture, exits } = model.manifest;
  const ids = Array.from({ length: PROMPT_TOKENS }, (_, index) => index % architecture.vocabSize);
  const before = process.cpuUsage();
  await measureDecodeSpeed(model, ids, exits.at(-1)!, { batchSize, steps });
  const { user, system } = process.cpuUsage(before);
  const operators = operatorTimes();
  await model.close();
  const pass = { layers: architecture.layers, rows: batchSize, step: 1, past: 0, headRows: batchSize };
  return {
    seconds: (user + system) / 1e6,
    gflopPerStep: workOf(architecture, pass).flops / 1e9,
    operators,
  };
}

function operatorRows(operators: readonly OperatorTime[]): string[][] {
  const all = operators.reduce((sum, operator) => sum + operator.seconds, 0);
  return operators
    .filter((operator) => operator.seconds > LEAST_SHARE * all)
    .map(({ operator, runs, seconds }) => [operator, `${runs}`, `${((100 * seconds) / all).toFixed(0)} %`]);
}
