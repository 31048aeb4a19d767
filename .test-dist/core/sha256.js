import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
/** Hex digits, lower case. */
export const sha256 = (data) => createHash('sha256').update(data).digest('hex');
export const sha256OfSmallFile = (path) => sha256(readFileSync(path));
