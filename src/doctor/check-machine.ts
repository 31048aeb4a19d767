/** What every command needs from a machine. */

import { statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, totalmem } from 'node:os';
import { availableMemory } from '../core/available-memory.ts';
import { InputError } from '../core/errors.ts';
import { isNodeSupported, MIN_NODE } from '../core/version.ts';
import { openSession, runtimeVersion } from '../engine/session/session.ts';
import { humanBytes } from '../figures/chart/format-number.ts';
import { renderFigure } from '../figures/files/canvas.ts';
import { executionProvider } from '../model/folder/provider.ts';
import { GraphBuilder } from '../model/graphs/graph-builder.ts';
import { encodeModel } from '../model/graphs/onnx.ts';
import { openMemory } from '../store/sqlite-driver.ts';
import type { CheckRecord } from '../store/tables/score-table.ts';
import { check } from './check-result.ts';

/** Results and figures of a run take a few tens of MB. */
const MIN_DISK_BYTES = 200_000_000;

export function machineChecks(): Promise<CheckRecord[]> {
  return Promise.all([
    check('Node', () => nodeVersion(process.versions.node)),
    check('ONNX Runtime', onnxRuntime),
    check('SQLite', () => installed('better-sqlite3', sqlite)),
    check('canvas', () => installed('canvas', canvas)),
    check('processor', () => `${availableParallelism()} cores`),
    check('memory', () => `${humanBytes(availableMemory())} of ${humanBytes(totalmem())} available`),
    check('disk', disk),
  ]);
}

/** @throws InputError `bad-machine` for a version that is older than package.json demands */
export function nodeVersion(version: string): string {
  if (isNodeSupported(version)) return version;
  throw new InputError({
    code: 'bad-machine',
    where: process.execPath,
    expected: `Node ${MIN_NODE} or later`,
    found: version,
    fix: 'Install a newer Node.',
  });
}

async function onnxRuntime(): Promise<string> {
  const { version, providers } = await runtimeVersion();
  const graph = new GraphBuilder();
  graph.node('Add', ['x', 'x'], {}, 'sum');
  const value = (name: string) => ({ name, type: 'float', shape: [1] }) as const;
  const session = await openSession(encodeModel(graph.finish('doctor', [value('x')], [value('sum')])));
  const { sum } = await session.run({ x: { data: Float32Array.of(2), shape: [1] } }, { sum: 'float32' });
  await session.close();
  if (sum.data[0] !== 4) throw new Error(`2 + 2 gave ${sum.data[0]}`);
  return `${version} on ${executionProvider()}, supports ${providers.join(', ')}`;
}

/** Turns the error of a compiled library, which may have any text, into one that says what to do. */
function installed(library: string, use: () => string): string {
  try {
    return use();
  } catch (cause) {
    throw new InputError({
      code: 'not-found',
      where: library,
      expected: 'a library that works on this machine',
      found: (cause as Error).message,
      fix: 'Install again: npm ci.',
      cause,
    });
  }
}

function sqlite(): string {
  const database = openMemory();
  try {
    const version = database.value('SELECT sqlite_version()');
    return `${version} in better-sqlite3 ${versionOf('better-sqlite3')}`;
  } finally {
    database.close();
  }
}

/** If two letters give the same picture, neither was drawn. */
function canvas(): string {
  const [a, b] = ['a', 'b'].map((title) => renderFigure({ title, footer: [], widthPx: 100, panels: [] }));
  if (a!.equals(b!)) throw new Error('text is not drawn');
  return 'draws text in its own font';
}

function disk(): string {
  const { bavail, bsize } = statfsSync('.');
  const free = bavail * bsize;
  if (free >= MIN_DISK_BYTES) return `${humanBytes(free)} free in this folder`;
  throw new InputError({
    code: 'bad-machine',
    where: process.cwd(),
    expected: `${humanBytes(MIN_DISK_BYTES)} of free disk for results`,
    found: humanBytes(free),
    fix: 'Free some space, or work in another folder.',
  });
}

function versionOf(name: string): string {
  return (createRequire(import.meta.url)(`${name}/package.json`) as { version: string }).version;
}
