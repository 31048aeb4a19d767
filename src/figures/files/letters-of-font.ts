import { readFileSync } from 'node:fs';

/** Whether the font has a letter, given as its code point. */
export type HasLetter = (codePoint: number) => boolean;

/** Of a TrueType font with a full Unicode table (OpenType 1.9, cmap formats 4 and 12). @throws Error where it has none */
export function lettersOfFont(path: string): HasLetter {
  const font = readFileSync(path);
  const cmap = tableAt(font, 'cmap');
  for (let record = 0; record < font.readUInt16BE(cmap + 2); record++) {
    const table = cmap + font.readUInt32BE(cmap + 4 + record * 8 + 4);
    if (font.readUInt16BE(table) === 12) return inRanges(wideRanges(font, table));
  }
  for (let record = 0; record < font.readUInt16BE(cmap + 2); record++) {
    const table = cmap + font.readUInt32BE(cmap + 4 + record * 8 + 4);
    if (font.readUInt16BE(table) === 4) return inRanges(narrowRanges(font, table));
  }
  throw new Error(`${path}: no table of letters`);
}

type Range = readonly [first: number, last: number];

export function inRanges(ranges: readonly Range[]): HasLetter {
  return (codePoint) => ranges.some(([first, last]) => codePoint >= first && codePoint <= last);
}

function tableAt(font: Buffer, tag: string): number {
  const count = font.readUInt16BE(4);
  const records = Array.from({ length: count }, (_, index) => 12 + index * 16);
  const record = records.find((at) => font.toString('latin1', at, at + 4) === tag);
  if (record === undefined) throw new Error(`font without ${tag}`);
  return font.readUInt32BE(record + 8);
}

function wideRanges(font: Buffer, table: number): Range[] {
  return Array.from({ length: font.readUInt32BE(table + 12) }, (_, index) => {
    const at = table + 16 + index * 12;
    return [font.readUInt32BE(at), font.readUInt32BE(at + 4)] as const;
  });
}

function narrowRanges(font: Buffer, table: number): Range[] {
  const bytes = font.readUInt16BE(table + 6);
  return Array.from({ length: bytes / 2 }, (_, index) => {
    const last = font.readUInt16BE(table + 14 + index * 2);
    return [font.readUInt16BE(table + 16 + bytes + index * 2), last] as const;
  });
}
