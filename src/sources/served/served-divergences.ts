import { askServed, requireSame, type Served } from './ask-served.ts';
import { KL } from './server-api.ts';

/** Two models of one server. */
export interface ServedSides {
  readonly model: Served;
  readonly exits: readonly number[];
  readonly reference: Served;
  readonly referenceExit: number;
}

/** Token ids that both are forced along, each after its own prompt. */
export interface AskedDivergence {
  readonly prompt: string;
  readonly referencePrompt: string;
  readonly continuation: readonly number[];
}

/** `response`: index of what was asked. `klNats`: [exits][positions]. */
type ServedDivergence =
  | { readonly response: number; readonly klNats: readonly (readonly number[])[] }
  | { readonly response: number; readonly error: string };

/** KL(reference ‖ sub-model) in nats, in any order: distributions stay on the server. */
export async function* servedDivergences(
  { model, exits, reference, referenceExit }: ServedSides,
  asked: readonly AskedDivergence[],
  signal?: AbortSignal,
): AsyncGenerator<ServedDivergence> {
  const posts = asked.map(({ prompt, referencePrompt, continuation }, response) => ({
    tag: response,
    body: {
      model: model.listed.root,
      exits,
      reference: `${reference.listed.root}@${referenceExit}`,
      prompt,
      ...(referencePrompt !== prompt && { reference_prompt: referencePrompt }),
      continuation,
    },
  }));
  for await (const { tag: response, ...reply } of askServed(model, KL, posts, signal)) {
    if ('error' in reply) {
      yield { response, error: reply.error };
      continue;
    }
    const { kl_nats, reference_fingerprint } = reply.body;
    requireSame(reference.server, reference.listed, reference_fingerprint);
    const klNats = exits.map((exit) => kl_nats[exit] ?? []);
    const isWhole = klNats.every(({ length }) => length === asked[response]!.continuation.length);
    if (isWhole) yield { response, klNats };
    else yield { response, error: 'an answer of another form: kl_nats of other exits or positions' };
  }
}
