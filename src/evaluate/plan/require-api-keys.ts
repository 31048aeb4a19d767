/** The API keys of servers that will get requests are read before anything is computed; if nothing is open, none is needed. */

import { type GenerationPlan, hasOpenResponses } from './generation-requests.ts';
import type { ComparisonsContext, ConfigContext, JudgedContext, ModelsContext } from './run-context.ts';

type KeyContext = ModelsContext & GenerationPlan;

/** @throws InputError naming the environment variable of a model with open responses */
export function requireModelKeys(context: KeyContext): void {
  for (const model of context.models.values()) {
    if (model.isRemote && hasOpenResponses(context, model)) model.requireApiKeys();
  }
}

type JudgeKeyContext = ComparisonsContext & ConfigContext<'generation'> & JudgedContext;

/**
 * The same for the judge: where responses are open, so are verdicts. Otherwise the judge stage comes at once and reads the
 * key itself.
 * @throws InputError naming the environment variable
 */
export function requireJudgeKey(context: JudgeKeyContext): void {
  const { judge, comparisons, models } = context;
  if (!judge?.isRemote || comparisons.length === 0) return;
  if ([...models.values()].some((model) => hasOpenResponses(context, model))) judge.requireApiKey();
}
