import { readFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { dirname, join } from 'node:path';

/** A share of free memory stays free: for the system, other programs, and what an estimate leaves out. */
export const USABLE_SHARE = 0.8;

/**
 * Bytes that this process may still allocate: what the machine has free, and what the limits of its control
 * groups leave. Node's own `process.availableMemory()` knows one of these groups alone, and counts the files
 * that a group has in its page cache, such as weights that were hashed, as used.
 * @param root of the file system, for tests
 */
export function availableMemory(root = '/', free = freemem()): number {
  return Math.max(0, Math.min(free, ...groupsOf(root).map(leftIn)));
}

/** Names of one group's files: its limit, what it uses, and within that the pages of files. */
interface GroupFiles {
  readonly limit: string;
  readonly usage: string;
  readonly file: RegExp;
}

const VERSION_1: GroupFiles = {
  limit: 'memory.limit_in_bytes',
  usage: 'memory.usage_in_bytes',
  file: /^total_(?:in)?active_file (\d+)$/gm,
};
const VERSION_2: GroupFiles = {
  limit: 'memory.max',
  usage: 'memory.current',
  file: /^(?:in)?active_file (\d+)$/gm,
};

interface Group {
  readonly folder: string;
  readonly files: GroupFiles;
}

/** The groups of this process and those above them. None where the system has no such groups. */
function groupsOf(root: string): Group[] {
  const lines = (read(join(root, 'proc/self/cgroup')) ?? '').split('\n');
  return lines.flatMap((line) => {
    const [, controllers, path] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (path === undefined) return [];
    if (controllers === '') return upwards(join(root, 'sys/fs/cgroup'), path, VERSION_2);
    const isMemory = controllers!.split(',').includes('memory');
    return isMemory ? upwards(join(root, 'sys/fs/cgroup/memory'), path, VERSION_1) : [];
  });
}

function upwards(mount: string, path: string, files: GroupFiles): Group[] {
  const own = { folder: join(mount, path), files };
  return path === '/' ? [own] : [own, ...upwards(mount, dirname(path), files)];
}

/** Infinite where the group has no limit or is not visible. */
function leftIn({ folder, files }: Group): number {
  const limit = Number.parseInt(read(join(folder, files.limit)) ?? '', 10);
  const usage = Number.parseInt(read(join(folder, files.usage)) ?? '', 10);
  if (!Number.isFinite(limit) || !Number.isFinite(usage)) return Number.POSITIVE_INFINITY;
  const pages = [...(read(join(folder, 'memory.stat')) ?? '').matchAll(files.file)];
  return limit - usage + pages.reduce((sum, [, bytes]) => sum + Number(bytes), 0);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
