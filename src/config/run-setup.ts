/** What of a sweep file makes another run, and so goes into the setup hash of the results file. */

import type { JsonValue } from '../core/json.ts';
import { withoutLaterDefaults } from '../data/schema/later-defaults.ts';
import { endpointIdentity } from '../sources/http/endpoint.ts';
import { modelSetup } from '../sources/sources.ts';
import { type SweepConfig, sweepSchema } from './sweep-schema.ts';

/**
 * The keys of the first schema, which every setup hash in existing results files was made with. Never add to
 * them: a key that comes later is left out at its default.
 */
const FIRST_KEYS: ReadonlySet<string> = new Set([
  ...[
    'name',
    'instructions',
    'limit',
    'models',
    'comparisons',
    'generation',
    'kl',
    'speed',
    'seed',
    'output',
  ],
  ...['comparisons.a', 'comparisons.b', 'comparisons.exitsA', 'comparisons.exitsB'],
  ...['generation.maxNewTokens', 'generation.batchSize'],
  ...['kl.positions', 'kl.curves', 'kl.curves.model', 'kl.curves.reference', 'kl.curves.referenceExit'],
  ...['speed.batchSizes', 'speed.steps'],
]);

/**
 * Judge, scorer model, limits, margin and the counting of verdicts may change without touching any response, so they
 * are no part of the setup.
 * @param written as `readSweepConfig` gives it, defaults filled in, without a path of the machine
 * @param firstTokens of models whose first token config.json decided, by name
 */
export function runSetup(
  written: SweepConfig,
  firstTokens: Readonly<Record<string, number>> = {},
): JsonValue {
  const { judge, policy, malformed, margin, identical, limits, likelihood, ...rest } = written;
  const models = Object.entries(rest.models).map(([name, model]) => [name, modelSetup(model)]);
  const setup = JSON.parse(JSON.stringify({ ...rest, models: Object.fromEntries(models) })) as JsonValue;
  const known = withoutLaterDefaults(setup, sweepSchema, FIRST_KEYS) as object;
  return { ...known, ...(Object.keys(firstTokens).length > 0 && { firstTokens }) };
}

/** The judge as the file has it, with how it meets identical responses; undefined where there is none. */
export function judgeSetup({ judge, identical }: SweepConfig): JsonValue | undefined {
  if (judge === undefined) return undefined;
  // The rest of an endpoint is about the way there, and all of a server.
  const place = 'endpoint' in judge && { endpoint: endpointIdentity(judge.endpoint, judge.model) };
  const served = 'server' in judge && { server: undefined };
  return JSON.parse(JSON.stringify({ ...judge, ...place, ...served, identical })) as JsonValue;
}
