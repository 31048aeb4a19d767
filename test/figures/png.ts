import { inflateSync } from 'node:zlib';

/** A decoded PNG: what the figures are made as, 8 bits a channel, RGB or RGBA, not interlaced. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  /** `#rrggbb` of one pixel. */
  colorAt(x: number, y: number): string;
}

/** Reads pixels without the canvas that drew them. */
export function decodePng(png: Buffer): Pixels {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const channels = png[25] === 6 ? 4 : 3;
  const stride = width * channels;
  const rows = unfilter(inflateSync(imageData(png)), height, stride, channels);
  const colorAt = (x: number, y: number) => {
    const at = y * stride + x * channels;
    return `#${rows.subarray(at, at + 3).toString('hex')}`;
  };
  return { width, height, colorAt };
}

function imageData(png: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    if (png.toString('latin1', at + 4, at + 8) !== 'IDAT') continue;
    parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  return Buffer.concat(parts);
}

/** PNG specification, section 9. */
function unfilter(filtered: Buffer, height: number, stride: number, channels: number): Buffer {
  const rows = Buffer.alloc(height * stride);
  for (let y = 0; y < height; y++) {
    const kind = filtered[y * (stride + 1)]!;
    for (let x = 0; x < stride; x++) {
      const left = x >= channels ? rows[y * stride + x - channels]! : 0;
      const up = y > 0 ? rows[(y - 1) * stride + x]! : 0;
      const upLeft = x >= channels && y > 0 ? rows[(y - 1) * stride + x - channels]! : 0;
      const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, upLeft)][kind]!;
      rows[y * stride + x] = filtered[y * (stride + 1) + 1 + x]! + predicted;
    }
  }
  return rows;
}

function paeth(left: number, up: number, upLeft: number): number {
  const guess = left + up - upLeft;
  const [toLeft, toUp, toUpLeft] = [left, up, upLeft].map((value) => Math.abs(guess - value)) as [
    number,
    number,
    number,
  ];
  if (toLeft <= toUp && toLeft <= toUpLeft) return left;
  return toUp <= toUpLeft ? up : upLeft;
}
