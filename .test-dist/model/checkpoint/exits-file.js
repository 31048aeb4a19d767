import { isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { MODEL_KINDS } from '../../core/domain.js';
import { InputError } from '../../core/errors.js';
import { readModelJson } from './model-json.js';
import { isThere } from './regular-file.js';
const exitsSchema = z.strictObject({
    kind: z.enum(MODEL_KINDS),
    exits: z.array(z.int().positive()).min(1),
    base: z
        .string()
        .refine((path) => !isAbsolute(path), 'an absolute path')
        .optional(),
});
/** The paper's exits: 30 % to 100 % of the depth in steps of 10 %; 12, 16 … 40 for 40 layers. */
export function defaultExits(layers) {
    const shares = [3, 4, 5, 6, 7, 8, 9, 10];
    return [...new Set(shares.map((tenths) => Math.max(1, Math.round((layers * tenths) / 10))))];
}
/**
 * Reads a checkpoint's exits.json; a checkpoint without one is `plain`.
 * @throws InputError `bad-checkpoint`
 */
export function readExitsFile(checkpoint) {
    const path = join(checkpoint, 'exits.json');
    if (!isThere(path))
        return undefined;
    const fix = 'Write it as scripts/train does: {"kind": "soft", "exits": [3, 4]}.';
    return readModelJson(path, exitsSchema, { fix });
}
/**
 * Exits must rise and lie in 1…layers, and the last is the full depth, since that is the model itself.
 * @throws InputError `unknown-exit`
 */
export function checkExits(exits, layers, where) {
    const rising = exits.every((exit, index) => index === 0 || exit > exits[index - 1]);
    if (rising && exits.length > 0 && exits[0] >= 1 && exits.at(-1) === layers)
        return;
    throw new InputError({
        code: 'unknown-exit',
        where,
        expected: `rising layer numbers from 1 to ${layers}, the last being ${layers}`,
        found: `[${exits.join(', ')}]`,
        fix: 'Name other exits.',
    });
}
