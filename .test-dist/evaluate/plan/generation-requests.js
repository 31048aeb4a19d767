import { sha256 } from '../../core/sha256.js';
import { alpacaPrompt } from '../../data/alpaca-prompt.js';
import { decodingOf } from '../../sources/answerers.js';
import { knownResponseKeys, responseKey, } from '../../store/tables/answer-table.js';
import { byInstruction } from './by-instruction.js';
/** The responses of a model at all its exits, by instruction. */
export function wantedResponses(plan, model) {
    const decoding = decodingOf(plan, model);
    return plan.instructions.flatMap((instruction) => {
        const prompt = alpacaPrompt(instruction);
        const promptSha256 = sha256(prompt);
        return model.exits.map((exit) => {
            const parts = { subModelKey: model.keys.get(exit), promptSha256, decoding };
            const place = { model: model.name, exit, instructionId: instruction.id };
            return { instruction, prompt, ...place, ...parts, responseKey: responseKey(parts) };
        });
    });
}
/** One request for each instruction, tagged with the responses that it asks for. */
export function generationRequests(open) {
    return byInstruction(open).map((wanted) => {
        const { instruction, prompt } = wanted[0];
        return { tag: wanted, instruction, prompt, exits: wanted.map(({ exit }) => exit) };
    });
}
/** True if a model still has responses to give. */
export function hasOpenResponses(plan, model) {
    const keys = wantedResponses(plan, model).map((wanted) => wanted.responseKey);
    const known = knownResponseKeys(plan.store, keys);
    return keys.some((key) => !known.has(key));
}
