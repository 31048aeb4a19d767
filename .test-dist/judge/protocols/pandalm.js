import { parseJudgeText } from './pandalm-parser.js';
import { pandalmPrompt } from './pandalm-prompt.js';
/** What PandaLM requests from transformers 4.28.1 (`pandalm_inference.py`). */
const UPSTREAM = {
    numBeams: 4,
    repetitionPenalty: 1.2,
    rule: 'transformers-4.28',
    maxNewTokens: 512,
};
const UPSTREAM_BEAMS = `${UPSTREAM.numBeams} beams with repetition penalty ${UPSTREAM.repetitionPenalty}`;
/** PandaLM: the verdict first, then a reason and a reference response (arXiv 2306.05087). */
export const pandalm = {
    name: 'pandalm',
    title: 'PandaLM',
    version: 1,
    defaults: { decoding: 'beams', maxNewTokens: UPSTREAM.maxNewTokens },
    verdictPlace: 'first-line',
    tieText: 'Tie',
    prompt: ({ instruction, responses }) => pandalmPrompt(instruction, responses),
    parse: parseJudgeText,
    deviations,
};
function deviations(settings) {
    switch (settings.source) {
        case 'folder':
            return folderDeviations(settings);
        case 'endpoint':
            return endpointDeviations(settings);
        case 'recorded':
            return ['verdicts from a file: how they were decoded is not known'];
        case 'other':
            return [...settings.deviations];
        default:
            throw new Error(`Unknown settings ${settings}`);
    }
}
function folderDeviations({ decoding, beams, maxNewTokens }) {
    const isOtherRule = decoding === 'beams' && beams.rule !== UPSTREAM.rule;
    const isOtherLength = decoding !== 'verdict-only' && maxNewTokens !== UPSTREAM.maxNewTokens;
    return [
        ...(decoding === 'beams' ? [] : [`greedy decoding instead of ${UPSTREAM_BEAMS}`]),
        ...(decoding === 'verdict-only' ? ['stopped after the verdict: no reason, no reference'] : []),
        ...(isOtherRule ? [`beams ranked as in ${beams.rule}, not ${UPSTREAM.rule}`] : []),
        ...(isOtherLength ? [`at most ${maxNewTokens} new tokens, not ${UPSTREAM.maxNewTokens}`] : []),
    ];
}
function endpointDeviations({ api, extraBody }) {
    const body = extraBody ? ` with ${JSON.stringify(extraBody)}` : '';
    return [
        `decoded by a server at temperature 0${body}; PandaLM has ${UPSTREAM_BEAMS}`,
        ...(api === 'chat' ? ["sent as a chat message: the server's template stands around the prompt"] : []),
    ];
}
