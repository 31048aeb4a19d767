/**
 * A judge without a say about two identical responses: they tie. The protocols' authors do ask about them, so this is a
 * deviation, and its verdicts have keys of their own.
 */
export function identicalIsTie(judge) {
    return {
        ...judge,
        decoding: { ...judge.decoding, identical: 'tie' },
        deviations: [...judge.deviations, 'two identical answers tie without being judged'],
        ask: (prompts, signal) => ask(judge, prompts, signal),
    };
}
async function* ask(judge, prompts, signal) {
    const open = [];
    for (const prompt of prompts) {
        if (isIdentical(judge, prompt))
            yield { tag: prompt.tag, rawText: judge.protocol.tieText, ...NOT_ASKED };
        else
            open.push(prompt);
    }
    yield* judge.ask(open, signal);
}
const NOT_ASKED = { stopReason: 'eos', promptTokens: 0, generatedTokens: 0, durationMs: 0 };
/** As the judge would read them; a prompt whose responses are not given apart is asked. */
function isIdentical({ protocol }, { pair }) {
    if (pair === undefined)
        return false;
    const [first, second] = protocol.prompt(pair).shortenable;
    return first === second;
}
