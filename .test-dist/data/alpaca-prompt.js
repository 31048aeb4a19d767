/** The prompt of every model under test: Stanford Alpaca's template, byte for byte. */
const OPENING = 'Below is an instruction that describes a task';
const REQUEST = 'Write a response that appropriately completes the request.';
/** Text that the model continues with its answer. An input of `''` is no input; white space is one, as in Alpaca. */
export function alpacaPrompt({ instruction, input }) {
    if (input === '')
        return `${OPENING}. ${REQUEST}\n\n### Instruction:\n${instruction}\n\n### Response:\n`;
    return (`${OPENING}, paired with an input that provides further context. ${REQUEST}\n\n` +
        `### Instruction:\n${instruction}\n\n### Input:\n${input}\n\n### Response:\n`);
}
