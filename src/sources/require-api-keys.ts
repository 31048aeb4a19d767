/** The keys of servers that will be asked are looked at before anything is computed; where nothing is open, none is needed. */

import type { Sweep } from '../evaluate/open-sweep.ts';
import { hasOpenAnswers } from '../evaluate/plan/generation-requests.ts';
import { readApiKey } from './http/api-key.ts';

/** @throws InputError naming the environment variable of a model that is to be asked */
export function checkModelKeys(sweep: Sweep): void {
  for (const model of sweep.models.values()) {
    if (model.source !== 'endpoint' || !hasOpenAnswers(sweep, model)) continue;
    for (const { endpoint } of model.servers.values()) readApiKey(endpoint);
  }
}

/**
 * The same for the judge: where answers are open, so are verdicts. Where none is, the judge stage comes at once and looks
 * itself.
 * @throws InputError naming the environment variable
 */
export function checkJudgeKey(sweep: Sweep): void {
  const { judge } = sweep.config;
  if (!judge || !('endpoint' in judge) || sweep.comparisons.length === 0) return;
  if ([...sweep.models.values()].some((model) => hasOpenAnswers(sweep, model))) readApiKey(judge.endpoint);
}
