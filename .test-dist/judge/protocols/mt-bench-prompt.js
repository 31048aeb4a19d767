/**
 * MT-Bench's prompt for two responses: `pair-v2` of FastChat's `judge_prompts.jsonl` (lm-sys/FastChat,
 * `fastchat/llm_judge/data`, Apache-2.0; Zheng et al. 2023, arXiv 2306.05685, figure 5).
 */
const SYSTEM_PROMPT = 'Please act as an impartial judge and evaluate the quality of the responses provided by two AI assistants to the user' +
    " question displayed below. You should choose the assistant that follows the user's instructions and answers the user's" +
    ' question better. Your evaluation should consider factors such as the helpfulness, relevance, accuracy, depth,' +
    ' creativity, and level of detail of their responses. Begin your evaluation by comparing the two responses and provide a' +
    ' short explanation. Avoid any position biases and ensure that the order in which the responses were presented does not' +
    ' influence your decision. Do not allow the length of the responses to influence your evaluation. Do not favor certain' +
    ' names of the assistants. Be as objective as possible. After providing your explanation, output your final verdict by' +
    ' strictly following this format: "[[A]]" if assistant A is better, "[[B]]" if assistant B is better, and "[[C]]" for a' +
    ' tie.';
/** Assistant A is slot 1. A completer takes one text, so the system prompt stands before the question. */
export function mtBenchPrompt({ instruction, responses }) {
    const { instruction: task, input } = instruction;
    const question = input === '' ? task : `${task}\n\n${input}`;
    return {
        fixed: [
            `${SYSTEM_PROMPT}\n\n[User Question]\n${question}\n\n[The Start of Assistant A's Answer]\n`,
            "\n[The End of Assistant A's Answer]\n\n[The Start of Assistant B's Answer]\n",
            "\n[The End of Assistant B's Answer]",
        ],
        shortenable: responses,
    };
}
