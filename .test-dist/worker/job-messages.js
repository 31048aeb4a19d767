import { InputError } from '../core/errors.js';
export function toSentError(error) {
    if (error instanceof InputError) {
        const { code, where, expected, found, fix } = error;
        return { kind: 'input', problem: { code, where, expected, found, fix } };
    }
    if (!(error instanceof Error))
        return { kind: 'other', name: 'Error', message: String(error), stack: '' };
    const { name, message, stack = `${name}: ${message}` } = error;
    return { kind: 'other', name, message, stack };
}
/** The same error on this side, with the stack that it has on the other. */
export function fromSentError(sent) {
    if (sent.kind === 'input')
        return new InputError(sent.problem);
    const { name, message, stack } = sent;
    return Object.assign(new Error(message), { name, stack });
}
