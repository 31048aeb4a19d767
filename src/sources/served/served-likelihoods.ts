import { askServed, type Served } from './ask-served.ts';
import { LOGLIKELIHOOD } from './server-api.ts';

export interface AskedLikelihood<Tag> {
  readonly tag: Tag;
  readonly prompt: string;
  /** Token ids; at least one. */
  readonly continuation: readonly number[];
}

/** Log-probabilities of tokens in nats under one exit of a served model, in any order. */
export async function* servedLikelihoods<Tag>(
  served: Served,
  exit: number,
  asked: readonly AskedLikelihood<Tag>[],
  signal?: AbortSignal,
): AsyncGenerator<
  { readonly tag: Tag } & ({ readonly nats: readonly number[] } | { readonly error: string })
> {
  const posts = asked.map((one) => ({
    tag: one,
    body: { model: `${served.listed.root}@${exit}`, prompt: one.prompt, continuation: one.continuation },
  }));
  for await (const { tag: one, ...reply } of askServed(served, LOGLIKELIHOOD, posts, signal)) {
    const { tag, continuation } = one;
    if ('error' in reply) {
      yield { tag, error: reply.error };
      continue;
    }
    const nats = reply.body.token_logprobs[exit] ?? [];
    if (nats.length === continuation.length) yield { tag, nats };
    else yield { tag, error: 'an answer of another form: token_logprobs of other tokens' };
  }
}
