import { closeSync, readSync } from 'node:fs';
import {
  type Entry,
  fromRandomAccessReader,
  type LocalFileHeader,
  RandomAccessReader,
  type ZipFile,
} from 'yauzl';
import { InputError } from '../../../core/errors.ts';
import { openForReading, regularFileBytes } from '../regular-file.ts';

/** Where the bytes of one entry of a zip archive lie. */
export interface ZipEntry {
  /** Of the header before the entry's bytes. */
  readonly headerOffset: number;
  /** Of the entry's first byte, from the start of the archive. */
  readonly offset: number;
  /** As they lie in the archive. */
  readonly bytes: number;
  /** Neither compressed nor encrypted: the bytes are the entry's own. */
  readonly isPlain: boolean;
}

/** A checkpoint has a few entries for each tensor; a longer list is not one. */
const MAX_ENTRIES = 200_000;
export const TORCH_FIX =
  'Copy or download the file again, or save the checkpoint anew with transformers, which writes safetensors.';

/**
 * The entries of a zip archive (ZIP64 too) by name; nothing is unpacked. yauzl reads its directory.
 * @throws InputError `bad-checkpoint` for anything but a sound archive whose entries lie apart from each other
 */
export function readZipEntries(path: string): ReadonlyMap<string, ZipEntry> {
  const size = regularFileBytes(path, 'a PyTorch checkpoint', TORCH_FIX);
  const file = openForReading(path, TORCH_FIX);
  try {
    const entries = listEntries(file, size, path);
    requireApart(entries, path);
    return entries;
  } finally {
    closeSync(file);
  }
}

/** yauzl works by callbacks. They come at once where reading is synchronous, so that opening a checkpoint is too. */
class SynchronousReader extends RandomAccessReader {
  readonly #file: number;

  constructor(file: number) {
    super();
    this.#file = file;
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    callback(null, readSync(this.#file, buffer, offset, length, position));
  }
}

function listEntries(file: number, size: number, path: string): Map<string, ZipEntry> {
  const zip = atOnce<ZipFile>(path, (done) =>
    fromRandomAccessReader(
      new SynchronousReader(file),
      size,
      { lazyEntries: true, autoClose: false, strictFileNames: true },
      done,
    ),
  );
  if (zip.entryCount > MAX_ENTRIES)
    throw badArchive(path, `at most ${MAX_ENTRIES} entries`, `${zip.entryCount}`);
  const entries = new Map<string, ZipEntry>();
  while (entries.size < zip.entryCount) {
    const entry = nextEntry(zip, path);
    if (entries.has(entry.fileName)) {
      throw badArchive(`${path}: ${entry.fileName}`, 'each entry once', 'a second one of that name');
    }
    entries.set(entry.fileName, placeOf(zip, entry, path));
  }
  return entries;
}

function nextEntry(zip: ZipFile, path: string): Entry {
  return atOnce(path, (done) => {
    zip.removeAllListeners();
    zip.once('entry', (entry: Entry) => done(null, entry));
    zip.once('error', done);
    zip.readEntry();
  });
}

function placeOf(zip: ZipFile, entry: Entry, path: string): ZipEntry {
  const where = `${path}: ${entry.fileName}`;
  const header = atOnce<LocalFileHeader>(where, (done) =>
    zip.readLocalFileHeader(entry, { minimal: false }, done),
  );
  requireSameHeader(header, entry, where);
  const isStored = entry.compressionMethod === 0 && entry.compressedSize === entry.uncompressedSize;
  return {
    headerOffset: entry.relativeOffsetOfLocalHeader,
    offset: header.fileDataStart,
    bytes: entry.compressedSize,
    isPlain: isStored && !entry.isEncrypted(),
  };
}

/** The directory at the end and the header before an entry say the same, or two readers would see two archives. */
function requireSameHeader(header: LocalFileHeader, entry: Entry, where: string): void {
  const isNamedSo = header.fileName.equals(entry.fileNameRaw);
  const isStoredSo = header.compressionMethod === entry.compressionMethod;
  // With this bit the sizes follow the entry, as PyTorch writes them; ZIP64 writes all ones in their place.
  const followsEntry = (header.generalPurposeBitFlag & 8) !== 0 || header.compressedSize === 0xffffffff;
  if (isNamedSo && isStoredSo && (followsEntry || header.compressedSize === entry.compressedSize)) return;
  throw badArchive(where, 'the same name, method and size before an entry and in the directory', 'others');
}

/** What a callback is called with before `start` returns. */
function atOnce<T>(where: string, start: (done: (error: Error | null, value?: T) => void) => void): T {
  let result: { readonly value: T } | undefined;
  let failure: Error | undefined;
  start((error, value) => {
    if (error) failure = error;
    else result = { value: value as T };
  });
  if (result) return result.value;
  throw badArchive(where, 'a sound zip archive', reasonOf(failure), failure);
}

/** The library's sentence as a part of ours. */
const reasonOf = (failure?: Error) => failure?.message.replace(/[.?!]+$/, '') ?? 'an entry without a name';

/** Entries that share bytes could hold more tensors than the file has room for. */
function requireApart(entries: ReadonlyMap<string, ZipEntry>, path: string): void {
  let end = 0;
  for (const [name, { headerOffset, offset, bytes }] of inFileOrder(entries)) {
    if (headerOffset < end)
      throw badArchive(`${path}: ${name}`, 'entries that do not overlap', `byte ${headerOffset} twice`);
    end = offset + bytes;
  }
}

function inFileOrder(entries: ReadonlyMap<string, ZipEntry>) {
  return [...entries].sort(([, a], [, b]) => a.headerOffset - b.headerOffset);
}

export function badArchive(where: string, expected: string, found: string, cause?: unknown): InputError {
  return new InputError({ code: 'bad-checkpoint', where, expected, found, fix: TORCH_FIX, cause });
}
