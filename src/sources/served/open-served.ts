/** A model of a server, also while the server is down: then as it was when it last answered. */

import { InputError } from '../../core/errors.ts';
import type { Progress } from '../../core/progress.ts';
import { isKeySet } from '../http/api-key.ts';
import { waitingForServers } from '../http/server-watch.ts';
import { requireSame, type Served } from './ask-served.ts';
import { findListed } from './find-listed.ts';
import { recallListed, rememberListed } from './remembered.ts';
import type { ListedModel } from './server-api.ts';
import type { ServerPlace } from './server-place.ts';

/** `recall`: a command that only reads what is stored does not ask where it knows the answer. */
export type AskServers = 'ask' | 'recall';

export interface OpenServedOptions {
  /** Folder of the results. */
  readonly output: string;
  readonly progress: Pick<Progress, 'note'>;
  /** Default: they are asked. */
  readonly servers?: AskServers | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * @param where `models.soft`, for the errors
 * @throws what `findListed` throws; `unanswered` only where the server never answered in this output folder
 */
export async function openServed(
  server: ServerPlace,
  model: string,
  where: string,
  { output, progress, servers, signal }: OpenServedOptions,
): Promise<Served> {
  const known = recallListed(output, server, model);
  if (known && servers === 'recall') return recalled(server, known, where);
  const { listed, why } = await askOnce(server, model, where, { known, signal });
  if (listed) {
    rememberListed(output, server, model, listed);
    return { server, listed };
  }
  progress.note(`${server.baseUrl}: ${why}. Stored results of ${model} are used; new ones need the server.`);
  return recalled(server, known!, where);
}

/** Exits of a model for a plan, which keeps nothing. */
export async function listedOrRecalled(
  server: ServerPlace,
  model: string,
  where: string,
  { output, signal }: Pick<OpenServedOptions, 'output' | 'signal'>,
): Promise<ListedModel> {
  const known = recallListed(output, server, model);
  return (await askOnce(server, model, where, { known, signal })).listed ?? known!;
}

/** Where it is known what the server said before, nobody waits for it yet. */
const PATIENCE_SECONDS = 5;

/** `why`: it cannot be asked now, and what it said before is known. */
type Asked =
  | { readonly listed: ListedModel; readonly why?: undefined }
  | { readonly listed?: undefined; readonly why: string };

async function askOnce(
  server: ServerPlace,
  model: string,
  where: string,
  { known, signal }: { readonly known: ListedModel | undefined; readonly signal?: AbortSignal | undefined },
): Promise<Asked> {
  if (!known) return { listed: await findListed(server, model, where, signal) };
  if (!isKeySet(server)) return { why: `environment variable ${server.apiKeyEnv} is not set` };
  const hasty = { ...server, maxTries: 1, timeoutSeconds: Math.min(PATIENCE_SECONDS, server.timeoutSeconds) };
  try {
    const listed = await waitingForServers({ waitForServerSeconds: 0 }, () =>
      findListed(hasty, model, where, signal),
    );
    return { listed };
  } catch (error) {
    if (error instanceof InputError && error.code === 'unanswered') return { why: error.found };
    throw error;
  }
}

/** Before its first request the server is asked, with all patience, whether it still has this model. */
function recalled(server: ServerPlace, listed: ListedModel, where: string): Served {
  let isConfirmed = false;
  return {
    server,
    listed,
    confirm: async (signal) => {
      if (isConfirmed) return;
      const now = await findListed(server, listed.root, where, signal);
      requireSame(server, listed, now.system_fingerprint);
      isConfirmed = true;
    },
  };
}
