import type { Architecture } from '../../../src/model/checkpoint/architecture.ts';
import { openTokenizer } from '../../../src/model/tokenizer/tokenizer.ts';
import { runTypeScript } from '../child.ts';
import type { Goal } from '../goals.ts';
import { idealSeconds, idealSpeedup, workOf } from '../ideal.ts';
import type { Options } from '../options.ts';
import { importModel } from '../prepare.ts';
import type { SpeedJob, SpeedResult } from '../types.ts';
import type { PartReport } from './part.ts';

const BATCH_SIZES = [1, 16];
/** The last is a judge's: 32 prompts of 4 beams. */
const TOGETHER_SIZES = [16, 64, 128];
const PROMPT_TOKENS = 128;

export interface SpeedData extends Pick<SpeedResult, 'peaks' | 'prefillSeconds'> {
  readonly promptTokens: number;
  readonly exits: readonly ExitSpeed[];
  /** One worker for each core, as in a sweep, at full depth. */
  readonly together: readonly TogetherSpeed[];
  /** Of the peak of products of matrices. */
  readonly prefillShare: number;
}

export interface ExitSpeed {
  readonly exit: number;
  readonly batchSize: number;
  readonly tokensPerSecond: number;
  /** Full depth's measured speed times what an exit saves. */
  readonly idealTokensPerSecond: number;
  /** Of `idealTokensPerSecond`. */
  readonly share: number;
  /** Of what the machine's peaks allow, at this exit. */
  readonly shareOfPeak: number;
}

export interface TogetherSpeed {
  /** Of each worker. */
  readonly batchSize: number;
  readonly tokensPerSecond: number;
  /** Of the slower of the machine's two peaks. */
  readonly shareOfPeak: number;
}

/** Decode speed of every exit beside its ideal, and shares of the machine's peaks. */
export async function speedPart(options: Options): Promise<PartReport<SpeedData>> {
  const { folder, manifest } = await importModel(options);
  const [word] = openTokenizer(folder).encode(' word');
  const promptIds = new Array<number>(PROMPT_TOKENS).fill(word!);
  const { steps, repeats, threads } = options;
  const sizes = { batchSizes: BATCH_SIZES, togetherSizes: TOGETHER_SIZES };
  const job: SpeedJob = { model: folder, promptIds, ...sizes, steps, repeats, threads };
  const { result } = await runTypeScript<SpeedJob, SpeedResult>('ours-speed.ts', job);
  const exits = exitSpeeds(manifest.architecture, result, PROMPT_TOKENS + steps / 2);
  const together = togetherSpeeds(manifest.architecture, result, {
    past: PROMPT_TOKENS + steps / 2,
    threads,
  });
  const prefill = {
    layers: manifest.architecture.layers,
    rows: 1,
    step: PROMPT_TOKENS,
    past: 0,
    headRows: 0,
  };
  const prefillShare =
    idealSeconds(workOf(manifest.architecture, prefill), result.peaks) / result.prefillSeconds;
  const { peaks, prefillSeconds } = result;
  const data = { promptTokens: PROMPT_TOKENS, peaks, prefillSeconds, exits, together, prefillShare };
  return {
    data,
    goals: [...BATCH_SIZES.map((batchSize) => lowestShare(exits, batchSize)), ...together.map(togetherGoal)],
    rows: tableRows(data),
    note: peakNote(data),
  };
}

function exitSpeeds(architecture: Architecture, { speeds, peaks }: SpeedResult, past: number): ExitSpeed[] {
  return speeds.map(({ exit, batchSize, tokensPerSecond }) => {
    const work = (layers: number) =>
      workOf(architecture, { layers, rows: batchSize, step: 1, past, headRows: batchSize });
    const full = speeds.find((other) => other.batchSize === batchSize && other.exit === architecture.layers)!;
    const idealTokensPerSecond =
      full.tokensPerSecond * idealSpeedup(work(exit), work(architecture.layers), peaks);
    return {
      exit,
      batchSize,
      tokensPerSecond,
      idealTokensPerSecond,
      share: tokensPerSecond / idealTokensPerSecond,
      shareOfPeak: (tokensPerSecond / batchSize) * idealSeconds(work(exit), peaks),
    };
  });
}

/** Each worker reads the weights for its own rows. */
function togetherSpeeds(
  architecture: Architecture,
  { together, peaks }: SpeedResult,
  { past, threads }: { readonly past: number; readonly threads: number },
): TogetherSpeed[] {
  const { layers } = architecture;
  return together.map(({ batchSize, tokensPerSecond }) => {
    const { flops, bytes } = workOf(architecture, {
      ...{ layers, rows: batchSize, step: 1, past, headRows: batchSize },
    });
    const step = idealSeconds({ flops: threads * flops, bytes: threads * bytes }, peaks);
    return {
      batchSize,
      tokensPerSecond,
      shareOfPeak: (tokensPerSecond * step) / (threads * batchSize),
    };
  });
}

function togetherGoal({ batchSize, shareOfPeak }: TogetherSpeed): Goal {
  return {
    part: 'speed',
    title: `decoding in workers of ${batchSize} rows, of the slower peak`,
    measured: shareOfPeak,
    target: 0.6,
    isAtLeast: true,
    unit: '×',
  };
}

function lowestShare(exits: readonly ExitSpeed[], batchSize: number): Goal {
  const shares = exits.filter((exit) => exit.batchSize === batchSize).map(({ share }) => share);
  return {
    part: 'speed',
    title: `slowest exit beside its ideal, batch ${batchSize}`,
    measured: Math.min(...shares),
    target: 0.9,
    isAtLeast: true,
    unit: '×',
  };
}

function tableRows({ exits, together }: SpeedData): string[][] {
  return [
    ['Exit', 'batch', 'tokens/s', 'ideal', 'of ideal', 'of peak'],
    ...exits.map((speed) => [
      `${speed.exit}`,
      `${speed.batchSize}`,
      speed.tokensPerSecond.toFixed(1),
      speed.idealTokensPerSecond.toFixed(1),
      percent(speed.share),
      percent(speed.shareOfPeak),
    ]),
    ...together.map(({ batchSize, tokensPerSecond, shareOfPeak }) => [
      'all, in workers',
      `${batchSize}`,
      tokensPerSecond.toFixed(1),
      '',
      '',
      percent(shareOfPeak),
    ]),
  ];
}

function peakNote({ peaks, promptTokens, prefillShare }: SpeedData): string {
  const { flopsPerSecond, bytesPerSecond } = peaks;
  const machine = `${(flopsPerSecond / 1e9).toFixed(0)} GFLOP/s and ${(bytesPerSecond / 1e9).toFixed(1)} GB/s`;
  return `Peaks of the machine: ${machine}. Reading a prompt of ${promptTokens} tokens reaches ${percent(prefillShare)}.`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
