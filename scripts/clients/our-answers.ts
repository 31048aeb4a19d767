/** What the programs of this folder compare with: our greedy answers of one exit to the nano run's first instructions. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  alpacaPrompt,
  extractCheckpoint,
  generate,
  importCheckpoint,
  openTokenizer,
  SegmentedModel,
} from 'sorted-eval';

const INSTRUCTIONS = 'eval-data/nano/data/test.json';
const COUNT = 24;
export const NEW_TOKENS = 48;

export interface OurAnswer {
  readonly prompt: string;
  readonly promptIds: readonly number[];
  /** An end of sequence included where it was reached. */
  readonly ids: readonly number[];
  readonly text: string;
}

export interface OurAnswers {
  /** The extracted sub-model. */
  readonly folder: string;
  readonly eosTokenIds: readonly number[];
  readonly answers: readonly OurAnswer[];
}

/** Extracts the sub-model into `root` and answers with the whole checkpoint at that exit. */
export async function ourAnswers(checkpoint: string, exit: number, root: string): Promise<OurAnswers> {
  const folder = join(root, `exit-${exit}`);
  await extractCheckpoint(checkpoint, folder, { exit });
  importCheckpoint(checkpoint, join(root, 'model'), { exits: [exit] });
  const model = await SegmentedModel.open(join(root, 'model'));
  const tokenizer = openTokenizer(checkpoint);
  const prompts = readPrompts().map((prompt, tag) => ({
    tag,
    exits: [exit],
    prompt,
    ids: tokenizer.encode(prompt),
  }));
  const { eosTokenIds } = model.manifest;
  const answers: OurAnswer[] = [];
  for await (const { tag, tokenIds } of generate(model, prompts, {
    maxNewTokens: NEW_TOKENS,
    batchSize: 8,
    eosTokenIds,
  })) {
    const { prompt, ids } = prompts[tag]!;
    answers[tag] = { prompt, promptIds: ids, ids: tokenIds, text: tokenizer.decode(tokenIds) };
  }
  await model.close();
  return { folder, eosTokenIds, answers };
}

function readPrompts(): string[] {
  const records = JSON.parse(readFileSync(INSTRUCTIONS, 'utf8')) as { instruction: string; input?: string }[];
  return records.slice(0, COUNT).map(({ instruction, input = '' }) => alpacaPrompt({ instruction, input }));
}

/** `24 of 24 equal`, and the first answer that is not. */
export function comparison(ours: readonly unknown[], theirs: readonly unknown[]): string {
  const different = ours.findIndex(
    (answer, index) => JSON.stringify(answer) !== JSON.stringify(theirs[index]),
  );
  const equal = ours.filter(
    (answer, index) => JSON.stringify(answer) === JSON.stringify(theirs[index]),
  ).length;
  const detail = `; number ${different}: ours ${JSON.stringify(ours[different])}, theirs ${JSON.stringify(theirs[different])}`;
  return `${equal} of ${ours.length} equal${different < 0 ? '' : detail}`;
}
