/** Writes zip archives byte by byte, as PyTorch does and as it never would: APPNOTE.TXT of PKWARE. */
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';

export interface ZipPart {
  readonly name: string;
  /** Or just a number of bytes, which become a hole in the file. */
  readonly data: Uint8Array | number;
  /** What the directory says, where it lies. */
  readonly directory?: Partial<DirectoryEntry>;
  /** What the header before the entry says, where it lies. */
  readonly local?: { readonly name?: string; readonly method?: number; readonly size?: number };
}

interface DirectoryEntry {
  readonly name: string;
  readonly method: number;
  readonly flags: number;
  readonly size: number;
  readonly originalSize: number;
  readonly offset: number;
}

interface Placed {
  readonly position: number;
  readonly bytes: Buffer;
}

const MAX_32 = 0xffffffff;
/** Sizes follow the entry; names are UTF-8. */
const FLAGS = 0x0808;
const ALIGNMENT = 64;

/** The archive in memory. */
export function zipBytes(parts: readonly ZipPart[]): Buffer {
  const { placed, size } = layOutZip(parts);
  const archive = Buffer.alloc(size);
  for (const { position, bytes } of placed) bytes.copy(archive, position);
  return archive;
}

/** The archive as a file whose parts without data take no disk. */
export function writeSparseZip(path: string, parts: readonly ZipPart[]): void {
  const { placed, size } = layOutZip(parts);
  const file = openSync(path, 'w');
  try {
    for (const { position, bytes } of placed) writeSync(file, bytes, 0, bytes.length, position);
    ftruncateSync(file, size);
  } finally {
    closeSync(file);
  }
}

function layOutZip(parts: readonly ZipPart[]): { placed: Placed[]; size: number } {
  const placed: Placed[] = [];
  const directory: Buffer[] = [];
  let end = 0;
  for (const part of parts) {
    const size = typeof part.data === 'number' ? part.data : part.data.length;
    const header = localHeader(part, end);
    directory.push(directoryEntry(part, size, end));
    placed.push({ position: end, bytes: header });
    const start = end + header.length;
    if (typeof part.data !== 'number') placed.push({ position: start, bytes: Buffer.from(part.data) });
    end = start + size;
  }
  const bytes = Buffer.concat([...directory, endOf(parts.length, Buffer.concat(directory).length, end)]);
  placed.push({ position: end, bytes });
  return { placed, size: end + bytes.length };
}

/** An extra field fills the space up to the next multiple of 64, as in PyTorch's files. */
function localHeader({ name, local = {} }: ZipPart, position: number): Buffer {
  const rawName = Buffer.from(local.name ?? name);
  const used = position + 30 + rawName.length + 4;
  const padding = (ALIGNMENT - (used % ALIGNMENT)) % ALIGNMENT;
  const header = Buffer.alloc(30 + rawName.length + 4 + padding);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(local.size === undefined ? FLAGS : FLAGS & ~8, 6);
  header.writeUInt16LE(local.method ?? 0, 8);
  header.writeUInt32LE(local.size ?? 0, 18);
  header.writeUInt32LE(local.size ?? 0, 22);
  header.writeUInt16LE(rawName.length, 26);
  header.writeUInt16LE(4 + padding, 28);
  rawName.copy(header, 30);
  header.write('FB', 30 + rawName.length, 'latin1');
  header.writeUInt16LE(padding, 32 + rawName.length);
  return header;
}

function directoryEntry({ name, directory = {} }: ZipPart, size: number, offset: number): Buffer {
  const entry = { name, method: 0, flags: FLAGS, size, originalSize: size, offset, ...directory };
  const rawName = Buffer.from(entry.name);
  const extra = zip64Extra(entry);
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(entry.flags, 8);
  header.writeUInt16LE(entry.method, 10);
  header.writeUInt32LE(Math.min(entry.size, MAX_32), 20);
  header.writeUInt32LE(Math.min(entry.originalSize, MAX_32), 24);
  header.writeUInt16LE(rawName.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(Math.min(entry.offset, MAX_32), 42);
  return Buffer.concat([header, rawName, extra]);
}

/** ZIP64: what does not fit into 32 bits. */
function zip64Extra({ originalSize, size, offset }: DirectoryEntry): Buffer {
  const large = [originalSize, size, offset].filter((value) => value >= MAX_32);
  if (large.length === 0) return Buffer.alloc(0);
  const extra = Buffer.alloc(4 + 8 * large.length);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(8 * large.length, 2);
  large.forEach((value, index) => void extra.writeBigUInt64LE(BigInt(value), 4 + 8 * index));
  return extra;
}

function endOf(count: number, directoryBytes: number, directoryStart: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(directoryBytes, 12);
  end.writeUInt32LE(Math.min(directoryStart, MAX_32), 16);
  if (directoryStart < MAX_32) return end;
  return Buffer.concat([zip64End(count, directoryBytes, directoryStart), end]);
}

function zip64End(count: number, directoryBytes: number, directoryStart: number): Buffer {
  const record = Buffer.alloc(56 + 20);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeBigUInt64LE(BigInt(count), 24);
  record.writeBigUInt64LE(BigInt(count), 32);
  record.writeBigUInt64LE(BigInt(directoryBytes), 40);
  record.writeBigUInt64LE(BigInt(directoryStart), 48);
  record.writeUInt32LE(0x07064b50, 56);
  record.writeBigUInt64LE(BigInt(directoryStart + directoryBytes), 64);
  record.writeUInt32LE(1, 72);
  return record;
}
