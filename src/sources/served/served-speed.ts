import { askServed, type Served } from './ask-served.ts';
import { SPEED } from './server-api.ts';

export interface AskedSpeed {
  readonly exit: number;
  readonly batchSize: number;
  readonly steps: number;
  /** Tokens of the prompt, whose text is repeated. */
  readonly promptTokens: number;
}

/**
 * Times decoding on the server, one setting after the other: it computes nothing else of the model meanwhile.
 * @param prompt a text
 */
export async function* servedSpeeds<Tag>(
  served: Served,
  prompt: string,
  asked: readonly (AskedSpeed & { readonly tag: Tag })[],
  signal?: AbortSignal,
): AsyncGenerator<
  { readonly tag: Tag } & (
    | { readonly tokens: number; readonly durationMs: number }
    | { readonly error: string }
  )
> {
  const alone = { ...served, server: { ...served.server, concurrency: 1 } };
  const posts = asked.map(({ tag, exit, batchSize, steps, promptTokens }) => ({
    tag,
    body: {
      model: `${served.listed.root}@${exit}`,
      prompt,
      prompt_tokens: promptTokens,
      batch_size: batchSize,
      steps,
    },
  }));
  for await (const { tag, ...reply } of askServed(alone, SPEED, posts, signal)) {
    if ('error' in reply) yield { tag, error: reply.error };
    else yield { tag, tokens: reply.body.tokens, durationMs: reply.body.duration_ms };
  }
}
