import type { Generation } from '../../core/domain.ts';
import { type DecodingSettings, generate } from '../../engine/greedy/generate.ts';
import { SegmentedModel } from '../../engine/session/segmented-model.ts';
import { openTokenizer } from '../../model/tokenizer/tokenizer.ts';

export interface GenerateInput {
  /** Model folder. */
  readonly folder: string;
  readonly requests: readonly { readonly prompt: string; readonly exits: readonly number[] }[];
  readonly settings: Pick<DecodingSettings, 'maxNewTokens' | 'batchSize' | 'memoryMB'>;
}

export interface GeneratedResponse extends Generation {
  /** Index in `requests`. */
  readonly request: number;
  readonly exit: number;
  readonly text: string;
  readonly promptTokens: number;
}

/** Greedy responses in the order in which they end. */
export async function* generateJob(
  { folder, requests, settings }: GenerateInput,
  signal: AbortSignal,
): AsyncGenerator<GeneratedResponse> {
  const tokenizer = openTokenizer(folder);
  const model = await SegmentedModel.open(folder);
  try {
    const prompts = requests
      .map(({ prompt, exits }, request) => ({ tag: request, ids: tokenizer.encode(prompt), exits }))
      // Those of one length are read together. The shortest first: the caches grow slowly, and attention
      // reads all of them.
      .sort((left, right) => left.ids.length - right.ids.length);
    const { eosTokenIds } = model.manifest;
    for await (const { tag, ...response } of generate(model, prompts, { ...settings, eosTokenIds }, signal)) {
      yield { ...response, request: tag, text: tokenizer.decode(response.tokenIds) };
    }
  } finally {
    await model.close();
  }
}
