import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { renderFigure } from '../../../src/figures/files/canvas.ts';
import { readPngTexts, withPngTexts } from '../../../src/figures/files/png-text.ts';
import { memory } from '../../../src/figures/run/memory-bars.ts';
import { sizes } from '../samples.ts';

const stamp = {
  run: 'nano – ‖',
  runSha256: 'b'.repeat(64),
  command: 'sorted-eval figures --db results.db --run "nano – ‖"',
};
const png = renderFigure(memory(sizes), { stamp });

function chunksOf(file: Buffer): { type: string; data: Buffer; isIntact: boolean }[] {
  const chunks = [];
  for (let at = 8; at < file.length; at += 12 + file.readUInt32BE(at)) {
    const end = at + 8 + file.readUInt32BE(at);
    const isIntact = file.readUInt32BE(end) === crc32(file.subarray(at + 4, end));
    chunks.push({
      type: file.toString('latin1', at + 4, at + 8),
      data: file.subarray(at + 8, end),
      isIntact,
    });
  }
  return chunks;
}

describe('texts in a PNG', () => {
  it('hold title, run with its hash, and command, in any letters', () => {
    expect([...readPngTexts(png)]).toEqual([
      ['Title', sizes.title],
      ['Software', 'sorted-eval'],
      ['sorted-eval run', `nano – ‖ ${'b'.repeat(64)}`],
      ['sorted-eval command', 'sorted-eval figures --db results.db --run "nano – ‖"'],
    ]);
  });

  it('stand between header and picture, in intact chunks', () => {
    const chunks = chunksOf(png);
    expect(chunks.every(({ isIntact }) => isIntact)).toBe(true);
    const types = chunks.map(({ type }) => type);
    expect(types.slice(0, 6)).toEqual(['IHDR', 'pHYs', 'iTXt', 'iTXt', 'iTXt', 'iTXt']);
    expect(types.at(-1)).toBe('IEND');
  });

  it('change no pixel', () => {
    const drawn = chunksOf(renderFigure(memory(sizes))).filter(({ type }) => type === 'IDAT');
    expect(chunksOf(png).filter(({ type }) => type === 'IDAT')).toEqual(drawn);
  });

  it.each([
    [192, 7559],
    [300, 11811],
  ])('say that %i pixels make an inch: %i a metre', (dpi, perMetre) => {
    const { data } = chunksOf(withPngTexts(png, [], dpi)).find(({ type }) => type === 'pHYs')!;
    expect([data.readUInt32BE(0), data.readUInt32BE(4), data[8]]).toEqual([perMetre, perMetre, 1]);
  });
});
