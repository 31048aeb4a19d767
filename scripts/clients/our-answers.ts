/** What the programs of this folder compare with: our greedy answers of one exit to the nano run's first instructions. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alpacaPrompt, extractCheckpoint, generate, importCheckpoint, openTokenizer } from 'sorted-eval';
import { prefill } from '../../src/engine/forced/prefill.ts';
import { SegmentedModel } from '../../src/engine/session/segmented-model.ts';

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
  /** Our logits of the token after these: [V]. */
  logitsAfter(ids: readonly number[]): Promise<Float32Array>;
  close(): Promise<void>;
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
  return {
    folder,
    eosTokenIds,
    answers,
    logitsAfter: (ids) => logitsAfter(model, ids),
    close: () => model.close(),
  };
}

async function logitsAfter(model: SegmentedModel, ids: readonly number[]): Promise<Float32Array> {
  const { hidden } = await prefill(model, [ids], { segments: 1, from: ids.length - 1 });
  return model.logits(model.manifest.heads[0]!.file, hidden[0]!);
}

function readPrompts(): string[] {
  const records = JSON.parse(readFileSync(INSTRUCTIONS, 'utf8')) as { instruction: string; input?: string }[];
  return records.slice(0, COUNT).map(({ instruction, input = '' }) => alpacaPrompt({ instruction, input }));
}
