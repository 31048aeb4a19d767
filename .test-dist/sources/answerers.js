/** The ways to get the answers of a model: in process, from a server, from a file. */
import { runJob } from '../worker/run-job.js';
import { completeAll, decodingOf as serverDecoding } from './http/openai.js';
/** What the content keys of a model's answers go by, beside the sub-model and the prompt. */
export function decodingOf({ config }, model) {
    const { maxNewTokens } = config.generation;
    switch (model.source) {
        case 'folder':
            return { strategy: 'greedy', maxNewTokens, eosTokenIds: model.manifest.eosTokenIds };
        case 'endpoint':
            return serverDecoding({ maxNewTokens, extraBody: model.extraBody });
        case 'answers':
            return { strategy: 'recorded' };
        default:
            throw new Error(`Unknown source ${model}`);
    }
}
/** Answers in any order, or why there is none. */
export function answersOf(settings, model, questions) {
    switch (model.source) {
        case 'folder':
            return folderAnswers(settings, model, questions);
        case 'endpoint':
            return endpointAnswers(settings, model, questions);
        case 'answers':
            return recordedAnswers(model, questions);
        default:
            throw new Error(`Unknown source ${model}`);
    }
}
async function* folderAnswers({ config, memoryMB, signal }, { folder }, questions) {
    const requests = questions.map(({ prompt, exits }) => ({ prompt, exits }));
    const input = { folder, requests, settings: { ...config.generation, memoryMB } };
    for await (const { request, ...response } of runJob('generate', input, signal)) {
        yield { ...response, tag: questions[request].tag };
    }
}
/** Servers one after the other; all exits of one together. */
async function* endpointAnswers({ config, signal }, { servers, extraBody }, questions) {
    const settings = { maxNewTokens: config.generation.maxNewTokens, extraBody };
    const endpoints = new Map([...servers.values()].map(({ endpoint }) => [endpoint.baseUrl, endpoint]));
    for (const endpoint of endpoints.values()) {
        const prompts = questions.flatMap(({ tag, prompt, exits }) => exits
            .filter((exit) => servers.get(exit).endpoint.baseUrl === endpoint.baseUrl)
            .map((exit) => ({ tag: { tag, exit }, text: prompt, model: servers.get(exit).model })));
        for await (const { tag: asked, ...reply } of completeAll(endpoint, prompts, settings, signal)) {
            if ('error' in reply)
                yield { ...asked, error: reply.error };
            // A server tells texts, not ids.
            else
                yield { ...asked, ...reply, tokenIds: [] };
        }
    }
}
async function* recordedAnswers({ answers }, questions) {
    for (const { tag, instruction, exits } of questions) {
        for (const exit of exits) {
            const text = answers.get(exit)?.get(instruction.id);
            if (text === undefined)
                yield { tag, exit, error: 'the file has no answer to this instruction' };
            else
                yield { tag, exit, text, tokenIds: [], stopReason: 'eos', promptTokens: 0, durationMs: 0 };
        }
    }
}
