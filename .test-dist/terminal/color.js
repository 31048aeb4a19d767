/** Colours of a terminal, where there is one that has them. */
import { colorAt, DIVERGING, inkOn } from '../figures/chart/palette.js';
/** FORCE_COLOR and NO_COLOR (no-color.org) before what the stream is; a dumb terminal has none. */
export function hasColour({ isTTY }, env = process.env) {
    const forced = env['FORCE_COLOR'];
    if (forced !== undefined)
        return forced !== '0' && forced !== 'false';
    if (env['NO_COLOR'])
        return false;
    return isTTY === true && env['TERM'] !== 'dumb';
}
/** `text` on the figures' colour for a number from −1 (red) to 1 (blue), in a terminal of 256 colours. */
export function onColour(text, value) {
    const background = colorAt(DIVERGING, (value + 1) / 2);
    const ink = inkOn(background) === '#000000' ? 16 : 231;
    return `\u001b[48;5;${cubeIndex(background)};38;5;${ink}m${text}\u001b[0m`;
}
/** The nearest colour of the cube of 6 × 6 × 6 that xterm's colours 16 to 231 are. */
function cubeIndex(color) {
    const [red, green, blue] = [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16));
    return 16 + 36 * level(red) + 6 * level(green) + level(blue);
}
function level(channel) {
    const distances = [0, 95, 135, 175, 215, 255].map((step) => Math.abs(step - channel));
    return distances.indexOf(Math.min(...distances));
}
