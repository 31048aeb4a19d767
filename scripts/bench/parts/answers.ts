import { alpacaPrompt } from '../../../src/data/alpaca-prompt.ts';
import { readInstructions } from '../../../src/data/instructions.ts';
import { openTokenizer } from '../../../src/model/tokenizer/tokenizer.ts';
import { beforeEnd, countEqual } from '../agreement.ts';
import { runPython, runTypeScript, Skipped } from '../child.ts';
import type { Goal } from '../goals.ts';
import type { Options } from '../options.ts';
import { exportGguf, exportOnnx, importModel } from '../prepare.ts';
import type { AnswerJob, AnswerResult, Measured, OwnAnswerJob } from '../types.ts';
import { type PartReport, perSecond } from './part.ts';

type BaselineName = Options['baselines'][number];

interface Baseline {
  readonly title: string;
  /** How many times as fast we want to be. */
  readonly target: number;
  readonly batchSizes: readonly number[];
  readonly run: (options: Options, job: AnswerJob) => Promise<Measured<AnswerResult>>;
}

const BASELINES: Record<BaselineName, Baseline> = {
  'transformers-js': {
    title: 'transformers.js',
    target: 3,
    batchSizes: [8, 16, 32],
    run: async (options, job) =>
      runTypeScript('transformers-js.ts', { ...job, models: await exportOnnx(options, job.exits) }),
  },
  pytorch: {
    title: 'PyTorch',
    target: 2,
    batchSizes: [16, 32, 64],
    run: ({ python, model }, job) =>
      runPython(python, 'answers.py', { ...job, models: oneForAll(job.exits, model) }),
  },
  'llama-cpp': {
    title: 'llama.cpp',
    target: 1,
    batchSizes: [8, 16, 32],
    run: async (options, job) =>
      runTypeScript('llama-cpp.ts', { ...job, models: await exportGguf(options, job.exits) }),
  },
};

export interface AnswersData {
  readonly instructions: number;
  readonly newTokens: number;
  readonly engines: readonly EngineData[];
}

type EngineData = Omit<AnswerResult, 'answers'> & {
  readonly name: string;
  readonly peakMemoryMb: number;
  readonly generatedTokens: number;
  /** Answers that are ours, token for token. */
  readonly equal: number;
  readonly total: number;
};

/** Answers at all exits: our engine, then every baseline with the same token ids. */
export async function answersPart(options: Options): Promise<PartReport<AnswersData>> {
  const { folder, manifest } = await importModel(options);
  const tokenizer = openTokenizer(folder);
  const instructions = readInstructions(options.instructions).slice(0, options.limit);
  const texts = instructions.map(alpacaPrompt);
  const job: AnswerJob = {
    models: oneForAll(manifest.exits, folder),
    exits: manifest.exits,
    prompts: texts.map((text) => tokenizer.encode(text)),
    newTokens: options.tokens,
    batchSizes: [options.batch],
    threads: options.threads,
    eosTokenIds: manifest.eosTokenIds,
  };
  const ours = await runTypeScript<OwnAnswerJob, AnswerResult>('ours-answers.ts', { ...job, texts });
  const engines = [engineData('ours', job, ours, ours)];
  const goals: Goal[] = [];
  for (const name of options.baselines) {
    const baseline = BASELINES[name];
    const theirs = await runOrSkip(baseline, options, job);
    if (!('why' in theirs)) engines.push(engineData(name, job, theirs, ours));
    goals.push({
      part: 'answers',
      title: `answers, as fast as ${baseline.title}`,
      target: baseline.target,
      isAtLeast: true,
      unit: '×',
      ...('why' in theirs ? theirs : { measured: theirs.result.seconds / ours.result.seconds }),
    });
  }
  const data = { instructions: instructions.length, newTokens: options.tokens, engines };
  return { data, goals, rows: tableRows(engines) };
}

async function runOrSkip(
  baseline: Baseline,
  options: Options,
  job: AnswerJob,
): Promise<Measured<AnswerResult> | { why: string }> {
  try {
    return await baseline.run(options, { ...job, batchSizes: baseline.batchSizes });
  } catch (error) {
    if (error instanceof Skipped) return { why: error.message };
    throw error;
  }
}

function oneForAll(exits: readonly number[], path: string): Record<number, string> {
  return Object.fromEntries(exits.map((exit) => [exit, path]));
}

function engineData(
  name: string,
  { exits, eosTokenIds }: AnswerJob,
  { result, peakMemoryMb }: Measured<AnswerResult>,
  ours: Measured<AnswerResult>,
): EngineData {
  const { answers, ...rest } = result;
  const counts = exits.map((exit) => countEqual(ours.result.answers[exit]!, answers[exit]!, eosTokenIds));
  const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
  return {
    name,
    ...rest,
    peakMemoryMb,
    generatedTokens: sum(
      exits.flatMap((exit) => answers[exit]!.map((ids) => beforeEnd(ids, eosTokenIds).length)),
    ),
    equal: sum(counts.map(({ equal }) => equal)),
    total: sum(counts.map(({ total }) => total)),
  };
}

function tableRows(engines: readonly EngineData[]): string[][] {
  return [
    ['Answers', 'batch', 'seconds', 'tokens/s', 'peak MB', 'equal to ours'],
    ...engines.map((engine) => [
      engine.engine,
      `${engine.batchSize}`,
      engine.seconds.toFixed(1),
      perSecond(engine.generatedTokens, engine.seconds),
      engine.peakMemoryMb.toFixed(0),
      `${engine.equal} of ${engine.total}`,
    ]),
  ];
}
