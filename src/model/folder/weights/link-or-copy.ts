import { closeSync, linkSync, openSync, readSync, realpathSync, writeSync } from 'node:fs';
import { openForReading } from '../../checkpoint/regular-file.ts';

const PIECE_BYTES = 8 << 20;
const FIX = 'Copy or download the file again.';
/** Another file system, or one without links; another user's file; a file with too many links. */
const NO_LINK = ['EXDEV', 'EPERM', 'EACCES', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'];

/**
 * Links a file, or finds that it cannot be linked. ONNX Runtime refuses external data outside the model's folder; a hard
 * link is inside and costs nothing.
 */
export function isLinked(path: string, target: string): boolean {
  try {
    linkSync(realpathSync(path), target);
    return true;
  } catch (error) {
    if (NO_LINK.includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/** Copies a file and yields the bytes of each piece, so that it can be watched and stopped. */
export function* copyFile(path: string, target: string): Generator<number> {
  const [from, to] = [openForReading(path, FIX), openSync(target, 'wx')];
  try {
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    for (let read = readSync(from, piece); read > 0; read = readSync(from, piece)) {
      for (let done = 0; done < read; ) done += writeSync(to, piece, done, read - done);
      yield read;
    }
  } finally {
    closeSync(from);
    closeSync(to);
  }
}
