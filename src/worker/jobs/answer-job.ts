import type { Generation } from '../../core/domain.ts';
import { type DecodingSettings, generate } from '../../engine/greedy/generate.ts';
import { SegmentedModel } from '../../engine/session/segmented-model.ts';
import { openTokenizer } from '../../model/tokenizer/tokenizer.ts';

export interface AnswerInput {
  /** Model folder. */
  readonly folder: string;
  readonly questions: readonly { readonly prompt: string; readonly exits: readonly number[] }[];
  readonly settings: Pick<DecodingSettings, 'maxNewTokens' | 'batchSize' | 'memoryMB'>;
}

export interface Answer extends Generation {
  /** Index in `questions`. */
  readonly question: number;
  readonly exit: number;
  readonly text: string;
  readonly promptTokens: number;
}

/** Answers in the order in which they end. */
export async function* answerJob(
  { folder, questions, settings }: AnswerInput,
  signal: AbortSignal,
): AsyncGenerator<Answer> {
  const tokenizer = openTokenizer(folder);
  const model = await SegmentedModel.open(folder);
  try {
    const prompts = questions
      .map(({ prompt, exits }, question) => ({ tag: question, ids: tokenizer.encode(prompt), exits }))
      // Those of one length are read together. The shortest first: the caches grow slowly, and attention reads all of them.
      .sort((left, right) => left.ids.length - right.ids.length);
    const { eosTokenIds } = model.manifest;
    for await (const { tag, ...answer } of generate(model, prompts, { ...settings, eosTokenIds }, signal)) {
      yield { ...answer, question: tag, text: tokenizer.decode(answer.tokenIds) };
    }
  } finally {
    await model.close();
  }
}
