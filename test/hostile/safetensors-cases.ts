/** Damage to the bytes of model.safetensors. */
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../support/random.ts';
import { casesOf, type HostileCase } from './hostile-case.ts';

const weights = (folder: string) => join(folder, 'model.safetensors');

/** Cut anywhere: in the length, the header or the numbers. @param intact the file that will be cut */
export function truncations(intact: Buffer): HostileCase[] {
  const random = seededRandom(11);
  const headerEnd = 8 + Number(intact.readBigUInt64LE());
  const between = (from: number, to: number) => from + random.below(to - from);
  const lengths = [
    ...Array.from({ length: 10 }, (_, length) => length),
    ...Array.from({ length: 15 }, () => between(10, headerEnd)),
    headerEnd - 1,
    headerEnd,
    ...Array.from({ length: 15 }, () => between(headerEnd + 1, intact.length)),
    intact.length - 1,
  ];
  return lengths.map((length) => ({
    name: `cut to ${length} of ${intact.length} bytes`,
    change: (folder) => truncateSync(weights(folder), length),
  }));
}

/** Every bit of the length word, and lengths of interest. */
export function lengthWords(intact: Buffer): HostileCase[] {
  const headerBytes = intact.readBigUInt64LE();
  const fileBytes = BigInt(intact.length);
  const flipped = Array.from({ length: 64 }, (_, bit) => headerBytes ^ (1n << BigInt(bit)));
  const chosen = [
    0n,
    1n,
    2n,
    headerBytes + 8n,
    fileBytes - 8n,
    fileBytes,
    100_000_000n,
    2n ** 63n,
    2n ** 64n - 1n,
  ];
  return [...new Set([...flipped, ...chosen])].map((length) => ({
    name: `a header of ${length} bytes, not ${headerBytes}`,
    change: (folder) => {
      const bytes = Buffer.from(intact);
      bytes.writeBigUInt64LE(length);
      writeFileSync(weights(folder), bytes);
    },
  }));
}

/** `pt` becomes `qt` in the header's metadata, which says which library wrote the file. */
export function harmlessFlip(intact: Buffer): HostileCase {
  const bytes = Buffer.from(intact);
  bytes[bytes.indexOf('"pt"') + 1]! ^= 1;
  return {
    name: 'a letter of the metadata',
    change: (folder) => writeFileSync(weights(folder), bytes),
    fate: 'either',
  };
}

/** One flipped bit of the header, wherever it is. */
export function headerFlips(intact: Buffer, count: number): HostileCase[] {
  const headerBytes = Number(intact.readBigUInt64LE());
  return flips(intact, count, 12, 8, 8 + headerBytes).map((flip) => ({ ...flip, fate: 'either' }));
}

/** One flipped bit of the numbers: another model, and a whole one. */
export function dataFlips(intact: Buffer, count: number): HostileCase[] {
  const start = 8 + Number(intact.readBigUInt64LE());
  return flips(intact, count, 13, start, intact.length).map((flip) => ({ ...flip, fate: 'whole' }));
}

function flips(intact: Buffer, count: number, seed: number, from: number, to: number): HostileCase[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    const [byte, bit] = [from + random.below(to - from), random.below(8)];
    return {
      name: `bit ${bit} of byte ${byte} flipped`,
      change: (folder: string) => {
        const bytes = Buffer.from(intact);
        bytes[byte]! ^= 1 << bit;
        writeFileSync(weights(folder), bytes);
      },
    };
  });
}

/** Bytes after the last tensor, and files that are something else. */
export function otherFiles(): HostileCase[] {
  const contents: Record<string, string | Buffer> = {
    'an empty file': '',
    'the pointer of git-lfs': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n',
    'a web page': '<!DOCTYPE html><html><body>404: Not Found</body></html>'.repeat(20),
    'a zip, as PyTorch saves': Buffer.from('504b03040000080800000000000000000000000000000000', 'hex'),
    GGUF: Buffer.concat([Buffer.from('GGUF\x03\0\0\0', 'latin1'), Buffer.alloc(64)]),
    'a gzip': Buffer.from('1f8b0800000000000003', 'hex'),
  };
  return [
    ...casesOf('in place of the weights', contents, (folder, content) =>
      writeFileSync(weights(folder), content),
    ),
    { name: 'a byte after the last tensor', change: (folder) => appendFileSync(weights(folder), 'x') },
    {
      name: 'the file twice',
      change: (folder) => appendFileSync(weights(folder), readFileSync(weights(folder))),
    },
  ];
}
