import type { z } from 'zod';
import { InputError } from '../../core/errors.ts';
import { type Post, postAll } from '../http/post-all.ts';
import type { FailedRequest } from '../http/retry.ts';
import type { ListedModel } from './server-api.ts';
import { endpointOf, type ServerPlace } from './server-place.ts';

/** A model of a server, and what the server said of it when the command began, or before where it was down then. */
export interface Served {
  readonly server: ServerPlace;
  readonly listed: ListedModel;
  /**
   * Of a model whose server did not answer when the command began: waits for it before the first request.
   * @throws InputError `unanswered`; `bad-checkpoint` where it has another model by now
   */
  readonly confirm?: ((signal?: AbortSignal) => Promise<void>) | undefined;
}

export type Reply<Tag, Body> =
  | { readonly tag: Tag; readonly body: Body; readonly durationMs: number }
  | ({ readonly tag: Tag } & FailedRequest);

type Fingerprinted = { readonly system_fingerprint: string };

/**
 * Posts requests to one route. Every answer must come from the very model that was listed.
 * @throws InputError `bad-checkpoint` where the server has another model by now; where it refuses all requests; the signal's
 * reason when it is aborted
 */
export async function* askServed<Tag, Body extends Fingerprinted>(
  { server, listed, confirm }: Served,
  route: { readonly path: string; readonly schema: z.ZodType<Body> },
  posts: readonly Post<Tag>[],
  signal?: AbortSignal,
): AsyncGenerator<Reply<Tag, Body>> {
  if (posts.length > 0) await confirm?.(signal);
  for await (const { tag, tried } of postAll(endpointOf(server), route, posts, signal)) {
    if ('error' in tried) {
      yield { tag, ...tried };
      continue;
    }
    const { body, durationMs } = tried.value;
    requireSame(server, listed, body.system_fingerprint);
    yield { tag, body, durationMs };
  }
}

/** @throws InputError `bad-checkpoint` */
export function requireSame(
  { baseUrl }: ServerPlace,
  { root, system_fingerprint }: ListedModel,
  found: string,
): void {
  if (found === system_fingerprint) return;
  throw new InputError({
    code: 'bad-checkpoint',
    where: `${baseUrl}: ${root}`,
    expected: `the model of fingerprint ${system_fingerprint}, which the server had when the command began`,
    found: `another: ${found}`,
    fix: 'Start the command again: what came before is stored, and the other model gets keys of its own.',
  });
}
