/** The caller's mistake or bad input: printed as one line, exit code 2. Every other error is a bug. */
export class InputError extends Error {
    code;
    where;
    expected;
    found;
    fix;
    constructor(problem) {
        const { code, where, expected, found, fix } = problem;
        const line = `${oneLine(where)}: expected ${oneLine(expected)}, found ${oneLine(found)}. ${oneLine(fix)}`;
        super(line, { cause: problem.cause });
        this.name = 'InputError';
        this.code = code;
        this.where = where;
        this.expected = expected;
        this.found = found;
        this.fix = fix;
    }
}
/** Enough for a path and a name, too short for the megabyte that a hostile file gives as a name. */
const MAX_PART = 500;
/**
 * Files and models are hostile input: their line breaks, escape codes and marks that change the direction of text must
 * not reach the terminal.
 */
function oneLine(text) {
    const visible = text.slice(0, MAX_PART).replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ');
    return text.length > MAX_PART ? `${visible}…` : visible;
}
