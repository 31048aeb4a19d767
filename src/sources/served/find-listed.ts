/** What a server says of a model, before anything is asked of it. */

import { InputError } from '../../core/errors.ts';
import { checkValue, type SchemaProblem } from '../../data/schema/check-value.ts';
import { openHttpClient } from '../http/client.ts';
import { type ListedModel, listedModel, modelList, SERVER_API_VERSION } from './server-api.ts';
import { endpointOf, type ServerPlace } from './server-place.ts';

/** Work that not every server has. */
export type Feature = 'beams' | 'loglikelihood' | 'kl' | 'speed';

/**
 * @param where `models.soft`, for the errors
 * @throws InputError `unanswered` for a server that does not answer; `bad-config` for a model that it has not, or for a server
 * of another version
 */
export async function findListed(
  server: ServerPlace,
  model: string,
  where: string,
  signal: AbortSignal = new AbortController().signal,
): Promise<ListedModel> {
  const tried = await openHttpClient(endpointOf(server)).get('/models', modelList, signal);
  if ('error' in tried) throw notAnswered(server, where, tried.error);
  const { data } = tried.value.body;
  const found = data.find(({ id }) => id === model);
  if (!found) throw notServed(where, model, [...new Set(data.map(({ id, root }) => root ?? id))]);
  if (found.sorted_api !== SERVER_API_VERSION) throw otherVersion(server, where, found.sorted_api);
  const listed = checkValue(listedModel, found);
  if (listed.problem) throw otherForm(server, where, listed.problem);
  if (listed.data.id !== listed.data.root) throw notServed(where, model, [listed.data.root]);
  return listed.data;
}

/** @throws InputError `bad-config` for work that the server has not */
export function requireFeature(
  { features }: ListedModel,
  feature: Feature,
  where: string,
  fix: string,
): void {
  if (features.includes(feature)) return;
  throw new InputError({
    code: 'bad-config',
    where,
    expected: `a server that has \`${feature}\``,
    found: features.length > 0 ? `one that has ${features.join(', ')}` : 'one that only gives texts and ids',
    fix,
  });
}

function notAnswered({ baseUrl }: ServerPlace, where: string, found: string): InputError {
  return new InputError({
    code: 'unanswered',
    where: `${where}.server`,
    expected: `an answer of ${baseUrl}/models`,
    found,
    fix: 'Start the server, or correct its address; the same command goes on then.',
  });
}

function notServed(where: string, model: string, models: readonly string[]): InputError {
  return new InputError({
    code: 'bad-config',
    where: `${where}.model`,
    expected: `one of the server’s models ${models.join(', ')}`,
    found: JSON.stringify(model),
    fix: 'Correct the name, or serve the model; `exits` chooses its exits.',
  });
}

function otherVersion({ baseUrl }: ServerPlace, where: string, version: unknown): InputError {
  return new InputError({
    code: 'bad-config',
    where: `${where}.server`,
    expected: `a server of version ${SERVER_API_VERSION} of docs/server-api.md at ${baseUrl}`,
    found: version === undefined ? 'one that names no version' : `version ${JSON.stringify(version)}`,
    fix: 'Serve with this version’s `sorted-eval serve` or scripts/serve; any other OpenAI-compatible server is an `endpoint`.',
  });
}

function otherForm(
  { baseUrl }: ServerPlace,
  where: string,
  { path, expected, found }: SchemaProblem,
): InputError {
  return new InputError({
    code: 'bad-config',
    where: `${where}.server`,
    expected: `models as docs/server-api.md describes them at ${baseUrl}`,
    found: `${path.join('.')}: expected ${expected}, found ${found}`,
    fix: 'Serve with this version’s `sorted-eval serve` or scripts/serve.',
  });
}
