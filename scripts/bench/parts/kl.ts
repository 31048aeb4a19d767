import { alpacaPrompt } from '../../../src/data/alpaca-prompt.ts';
import { readInstructions } from '../../../src/data/instructions.ts';
import { openTokenizer } from '../../../src/model/tokenizer/tokenizer.ts';
import { runTypeScript } from '../child.ts';
import type { Options } from '../options.ts';
import { importModel } from '../prepare.ts';
import type { KlJob, KlResult } from '../types.ts';
import type { PartReport } from './part.ts';

const POSITIONS = 20;

export interface KlData extends KlResult {
  readonly instructions: number;
  readonly positions: number;
}

/** KL at all exits beside what it cannot do without: one teacher-forced pass and a head for each exit. */
export async function klPart(options: Options): Promise<PartReport<KlData>> {
  const { folder } = await importModel(options);
  const tokenizer = openTokenizer(folder);
  const instructions = readInstructions(options.instructions).slice(0, options.klLimit);
  const prompts = instructions.map((instruction) => tokenizer.encode(alpacaPrompt(instruction)));
  const job: KlJob = { model: folder, prompts, positions: POSITIONS };
  const { result } = await runTypeScript<KlJob, KlResult>('ours-kl.ts', job);
  const measured = result.klSeconds / result.baselineSeconds;
  return {
    data: { ...result, instructions: prompts.length, positions: POSITIONS },
    goals: [
      {
        part: 'kl',
        title: 'KL beside one pass and its heads',
        measured,
        target: 1.2,
        isAtLeast: false,
        unit: '×',
      },
    ],
    rows: [
      ['KL', 'seconds'],
      ['all exits from the last', result.klSeconds.toFixed(1)],
      ['one pass and eight heads', result.baselineSeconds.toFixed(1)],
    ],
  };
}
