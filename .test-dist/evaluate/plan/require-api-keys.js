/** The API keys of servers that will get requests are read before anything is computed; if nothing is open, none is needed. */
import { readApiKey } from '../../sources/http/api-key.js';
import { hasOpenResponses } from './generation-requests.js';
/** @throws InputError naming the environment variable of a model with open responses */
export function requireModelKeys(context) {
    for (const model of context.models.values()) {
        if (model.source !== 'endpoint' || !hasOpenResponses(context, model))
            continue;
        for (const { endpoint } of model.servers.values())
            readApiKey(endpoint);
    }
}
/**
 * The same for the judge: where responses are open, so are verdicts. Otherwise the judge stage comes at once and reads the
 * key itself.
 * @throws InputError naming the environment variable
 */
export function requireJudgeKey(context) {
    const { judge } = context.config;
    if (!judge || !('endpoint' in judge) || context.comparisons.length === 0)
        return;
    const isOpen = [...context.models.values()].some((model) => hasOpenResponses(context, model));
    if (isOpen)
        readApiKey(judge.endpoint);
}
