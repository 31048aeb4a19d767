/** Options that several commands have, and checks of their values. */
import { NANO_RESULTS } from '../config/nano-run.js';
import { InputError } from '../core/errors.js';
import { DEFAULT_MEMORY_MB } from '../engine/cache/memory-budget.js';
import { ROW_FORMATS } from '../terminal/result-table.js';
export const DB_OPTION = { type: 'string', default: NANO_RESULTS, describe: 'results file' };
export const RUN_OPTION = { type: 'string', describe: 'run, if the results file has several' };
export const FORMAT_OPTION = {
    choices: ROW_FORMATS,
    default: 'table',
    describe: 'output format',
};
export const MEMORY_OPTION = {
    type: 'number',
    default: DEFAULT_MEMORY_MB,
    describe: 'MB for keys and values of prompts that are kept for reuse',
};
/** @throws InputError `bad-option` for what is not an integer within the bounds */
export function requireInteger(option, value, bounds) {
    const { min, max = Number.MAX_SAFE_INTEGER, unit, fix = 'Correct the number.' } = bounds;
    if (Number.isInteger(value) && value >= min && value <= max)
        return value;
    const range = bounds.max === undefined ? `of ${min} or more` : `from ${min} to ${max}`;
    const expected = `an integer ${range}${unit === undefined ? '' : ` (${unit})`}`;
    throw badOption(option, expected, String(value), fix);
}
export function badOption(where, expected, found, fix) {
    return new InputError({ code: 'bad-option', where, expected, found, fix });
}
