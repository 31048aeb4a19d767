import { closeSync, openSync, readSync } from 'node:fs';

/**
 * Makes an image of a database one that can be opened in memory, where there is no WAL: bytes 18 and 19 of
 * the header are 2 in WAL mode, 1 with a rollback journal. Changes `image` itself.
 * @param image a whole database file
 */
export function withoutWalMode<Image extends Uint8Array>(image: Image): Image {
  image[18] = 1;
  image[19] = 1;
  return image;
}

const WAL = 2;
const VERSIONS_OFFSET = 18;

/** @returns false for what is no database, or cannot be read: opening it tells why */
export function isWalMode(path: string): boolean {
  const versions = Buffer.alloc(2);
  try {
    readAt(path, versions, VERSIONS_OFFSET);
  } catch {
    return false;
  }
  return versions.every((version) => version === WAL);
}

function readAt(path: string, buffer: Buffer, offset: number): void {
  const file = openSync(path, 'r');
  try {
    readSync(file, buffer, 0, buffer.length, offset);
  } finally {
    closeSync(file);
  }
}
