import type { Answered, AskedPrompt, NewTokens } from '../lane/asked.ts';
import type { AskOptions, LanePool } from '../lane-pool.ts';
import type { PendingPrompt } from '../pending-prompt.ts';

/** What comes of a request's prompts, one after the other. */
export interface TokenEvent {
  /** Of the prompt in its request. */
  readonly index: number;
  /** Tokens that no event before had. */
  readonly tokens: NewTokens;
  /** With the last tokens. */
  readonly answer?: Answered;
}

/** Asks for prompts and gives their tokens as they come. */
export function askForTokens(
  pool: LanePool,
  prompts: readonly AskedPrompt[],
  signal: AskOptions['signal'],
): { readonly pending: readonly PendingPrompt[]; readonly events: AsyncGenerator<TokenEvent> } {
  const queue: TokenEvent[] = [];
  let wake = () => {};
  const push = (event: TokenEvent) => {
    queue.push(event);
    wake();
  };
  const counts = prompts.map(() => 0);
  const pending = prompts.map((prompt, index) =>
    pool.ask(prompt, {
      signal,
      onTokens: (tokens) => {
        counts[index]! += tokens.tokenIds.length;
        push({ index, tokens });
      },
    }),
  );
  let failure: unknown;
  for (const [index, { answer }] of pending.entries()) {
    answer.then(
      (ended) => push({ index, tokens: restOf(ended, counts[index]!), answer: ended }),
      (error: unknown) => {
        failure ??= error;
        wake();
      },
    );
  }
  return { pending, events: events() };

  async function* events(): AsyncGenerator<TokenEvent> {
    for (let ended = 0; ended < prompts.length; ) {
      const event = queue.shift();
      if (event) {
        yield event;
        if (event.answer) ended++;
      } else if (failure !== undefined) throw failure;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  }
}

function restOf({ tokenIds, logprobs }: Answered, sent: number): NewTokens {
  const rest = logprobs?.slice(sent);
  return { tokenIds: tokenIds.slice(sent), ...(rest && { logprobs: rest }) };
}
