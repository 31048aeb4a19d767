import type { z } from 'zod';
import { openHttpClient } from './client.ts';
import type { Endpoint } from './endpoint.ts';
import { inOrderOfFinish } from './in-order-of-finish.ts';
import type { HttpAnswer } from './read-answer.ts';
import type { Tried } from './retry.ts';

export interface Post<Tag> {
  readonly tag: Tag;
  readonly body: object;
}

export interface Posted<Tag, Body> {
  readonly tag: Tag;
  readonly tried: Tried<HttpAnswer<Body>>;
}

/**
 * Posts all of them to one path, and gives what comes back in any order.
 * @throws InputError where the server refuses all of them; the signal's reason when it is aborted
 */
export async function* postAll<Tag, S extends z.ZodType>(
  endpoint: Endpoint,
  { path, schema }: { readonly path: string; readonly schema: S },
  posts: readonly Post<Tag>[],
  signal?: AbortSignal,
): AsyncGenerator<Posted<Tag, z.output<S>>> {
  // Without requests there is no need for a key.
  if (posts.length === 0) return;
  const client = openHttpClient(endpoint);
  const stop = new AbortController();
  const stopped = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  const post = async ({ tag, body }: Post<Tag>) => {
    return { tag, tried: await client.post(path, body, schema, stopped) };
  };
  try {
    yield* inOrderOfFinish(posts.map(post));
  } finally {
    stop.abort();
  }
}
