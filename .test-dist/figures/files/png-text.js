/** Texts and resolution in a PNG (PNG specification, 11.3). */
import { crc32 } from 'node:zlib';
const SIGNATURE_BYTES = 8;
/** Signature, and IHDR with its frame: other chunks may follow. */
const HEADER_BYTES = SIGNATURE_BYTES + 12 + 13;
const METRES_PER_INCH = 0.0254;
/** The same picture with texts (iTXt: UTF-8) and the resolution at which it has its natural size. */
export function withPngTexts(png, texts, dpi) {
    const chunks = texts.map(([key, text]) => chunk('iTXt', Buffer.from(`${key}\0\0\0\0\0${text}`, 'utf8')));
    const header = png.subarray(0, HEADER_BYTES);
    return Buffer.concat([header, resolution(dpi), ...chunks, png.subarray(HEADER_BYTES)]);
}
/** Key → text of what {@link withPngTexts} wrote. */
export function readPngTexts(png) {
    const texts = new Map();
    for (let at = SIGNATURE_BYTES; at < png.length; at += 12 + png.readUInt32BE(at)) {
        if (png.toString('latin1', at + 4, at + 8) !== 'iTXt')
            continue;
        const data = png.toString('utf8', at + 8, at + 8 + png.readUInt32BE(at));
        const end = data.indexOf('\0');
        texts.set(data.slice(0, end), data.slice(end + 5));
    }
    return texts;
}
function resolution(dpi) {
    const data = Buffer.alloc(9);
    const perMetre = Math.round(dpi / METRES_PER_INCH);
    data.writeUInt32BE(perMetre, 0);
    data.writeUInt32BE(perMetre, 4);
    // The unit is the metre.
    data.writeUInt8(1, 8);
    return chunk('pHYs', data);
}
function chunk(type, data) {
    const frame = Buffer.alloc(12 + data.length);
    frame.writeUInt32BE(data.length, 0);
    frame.write(type, 4, 'latin1');
    data.copy(frame, 8);
    frame.writeUInt32BE(crc32(frame.subarray(4, 8 + data.length)), 8 + data.length);
    return frame;
}
