import { readHumanLabels } from '../../../src/data/human-labels.ts';
import { judgePrompt } from '../../../src/judge/protocols/pandalm-prompt.ts';
import { openTokenizer } from '../../../src/model/tokenizer/tokenizer.ts';
import { runPython, runTypeScript, Skipped } from '../child.ts';
import type { Goal } from '../goals.ts';
import type { Options } from '../options.ts';
import { importModel } from '../prepare.ts';
import type { JudgeJob, JudgeResult, Measured } from '../types.ts';
import type { PartReport } from './part.ts';

/** Rows of a batch are prompts × beams. */
const BATCH_SIZE = 128;

export interface JudgingData {
  readonly pairs: number;
  readonly newTokens: number;
  readonly engines: readonly {
    readonly name: string;
    readonly engine: string;
    readonly loadSeconds: number;
    readonly seconds: number;
    readonly peakMemoryMb: number;
    readonly equal: number;
  }[];
}

/** Verdicts on pairs in both orders with four beams: ours, then PandaLM's way, on the same pairs. */
export async function judgingPart(options: Options): Promise<PartReport<JudgingData>> {
  const { folder } = await importModel(options);
  const tokenizer = openTokenizer(folder);
  const prompts = labelledPrompts(options.pairs, options.judgePairs);
  const job: JudgeJob = {
    model: options.model,
    prompts,
    promptIds: prompts.map((text) => tokenizer.encode(text)),
    newTokens: options.judgeTokens,
    batchSize: BATCH_SIZE,
    threads: options.threads,
    beamRule: 'transformers-4.36',
  };
  const theirs = await runOrSkip(options, job);
  const isOld = !('why' in theirs) && theirs.result.engine.startsWith('transformers 4.2');
  const ours = await runTypeScript<JudgeJob, JudgeResult>('ours-judging.ts', {
    ...job,
    model: folder,
    beamRule: isOld ? 'transformers-4.28' : 'transformers-4.36',
  });
  const decode = (ids: readonly number[]) => tokenizer.decode(ids);
  const engines = [engineData('ours', ours, ours, decode)];
  if (!('why' in theirs)) engines.push(engineData('pandalm', theirs, ours, decode));
  const goal: Goal = {
    part: 'judging',
    title: "judging, as fast as PandaLM's way",
    target: 10,
    isAtLeast: true,
    unit: '×',
    ...('why' in theirs ? theirs : { measured: theirs.result.seconds / ours.result.seconds }),
  };
  const data = { pairs: options.judgePairs, newTokens: options.judgeTokens, engines };
  return { data, goals: [goal], rows: tableRows(data) };
}

/** The judge's prompts of so many labelled pairs, spread over their file, each in both orders. */
export function labelledPrompts(path: string, count: number): string[] {
  const pairs = readHumanLabels(path);
  return Array.from({ length: count }, (_, index) => {
    const pair = pairs[Math.floor((index * pairs.length) / count)]!;
    const { response1, response2 } = pair;
    return [judgePrompt(pair, response1, response2), judgePrompt(pair, response2, response1)];
  }).flat();
}

async function runOrSkip(
  { python }: Options,
  job: JudgeJob,
): Promise<Measured<JudgeResult> | { why: string }> {
  try {
    return await runPython<JudgeJob, JudgeResult>(python, 'pandalm.py', job);
  } catch (error) {
    if (error instanceof Skipped) return { why: error.message };
    throw error;
  }
}

function engineData(
  name: string,
  { result, peakMemoryMb }: Measured<JudgeResult>,
  ours: Measured<JudgeResult>,
  decode: (ids: readonly number[]) => string,
): JudgingData['engines'][number] {
  const { engine, loadSeconds, seconds } = result;
  const texts = result.texts ?? result.answers!.map(decode);
  const equal = texts.filter((text, index) => text === ours.result.texts![index]).length;
  return { name, engine, loadSeconds, seconds, peakMemoryMb, equal };
}

function tableRows({ pairs, engines }: JudgingData): string[][] {
  return [
    ['Judging', 'seconds', 'verdicts/s', 'peak MB', 'equal to ours'],
    ...engines.map(({ engine, seconds, peakMemoryMb, equal }) => [
      engine,
      seconds.toFixed(1),
      ((2 * pairs) / seconds).toFixed(2),
      peakMemoryMb.toFixed(0),
      `${equal} of ${2 * pairs}`,
    ]),
  ];
}
