/** Measures of a text alone that tell a response from degenerate output. */
import { deflateRawSync } from 'node:zlib';
import { strip } from '../core/strip.js';
import { MIN_MEASURED_CHARACTERS, REPETITION } from './degeneration.js';
export function textQuality(text) {
    const stripped = strip(text);
    const characters = Array.from(stripped);
    const isMeasured = characters.length >= MIN_MEASURED_CHARACTERS;
    return {
        characters: characters.length,
        repetition: isMeasured ? repetitionOf(characters) : null,
        compression: isMeasured ? compressionOf(stripped) : null,
    };
}
function repetitionOf(characters) {
    const { run: length, reach } = REPETITION;
    const lastStart = new Map();
    const runs = characters.length - length + 1;
    let repeated = 0;
    for (let start = 0; start < runs; start++) {
        const run = characters.slice(start, start + length).join('');
        const before = lastStart.get(run);
        if (before !== undefined && start - before <= reach)
            repeated++;
        lastStart.set(run, start);
    }
    return repeated / runs;
}
/** zlib at level 9 without its header of two bytes and checksum of four. */
function compressionOf(text) {
    const bytes = Buffer.from(text);
    return deflateRawSync(bytes, { level: 9 }).length / bytes.length;
}
