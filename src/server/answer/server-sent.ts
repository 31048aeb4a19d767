import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { PendingPrompt } from '../pending-prompt.ts';
import { asApiError } from './as-api-error.ts';

/**
 * Sends what a generator gives as server-sent events, each as JSON, and `[DONE]`. An error that comes before the first
 * prompt has started is an ordinary answer; a later one is the last event.
 * @param stop called when the client goes
 */
export async function sendEvents(
  context: Context,
  pending: readonly PendingPrompt[],
  events: AsyncIterable<object>,
): Promise<Response> {
  await Promise.race(pending.map(({ started }) => started));
  return streamSSE(context, async (stream) => {
    try {
      for await (const event of events) await stream.writeSSE({ data: JSON.stringify(event) });
    } catch (error) {
      await stream.writeSSE({ data: JSON.stringify(asApiError(error).body) });
    }
    await stream.writeSSE({ data: '[DONE]' });
  });
}
