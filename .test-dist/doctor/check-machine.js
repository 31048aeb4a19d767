/** What every command needs of a machine. */
import { statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, freemem, totalmem } from 'node:os';
import { InputError } from '../core/errors.js';
import { isNodeSupported, MIN_NODE } from '../core/version.js';
import { openSession, runtimeVersion } from '../engine/session/session.js';
import { humanBytes } from '../figures/chart/format-number.js';
import { renderFigure } from '../figures/files/canvas.js';
import { executionProvider } from '../model/folder/provider.js';
import { GraphBuilder } from '../model/graphs/graph-builder.js';
import { encodeModel } from '../model/graphs/onnx.js';
import { openMemory } from '../store/sqlite-driver.js';
import { check } from './check-result.js';
/** A run's results and figures take some tens of MB. */
const MINIMAL_DISK_BYTES = 200_000_000;
export function machineChecks() {
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
/** Bytes that this process may still take. */
export function availableMemory() {
    return Math.min(freemem(), process.availableMemory());
}
/** @throws InputError `bad-machine` for a version that is older than package.json demands */
export function nodeVersion(version) {
    if (isNodeSupported(version))
        return version;
    throw new InputError({
        code: 'bad-machine',
        where: process.execPath,
        expected: `Node ${MIN_NODE} or later`,
        found: version,
        fix: 'Install a newer Node.',
    });
}
async function onnxRuntime() {
    const { version, providers } = await runtimeVersion();
    const graph = new GraphBuilder();
    graph.node('Add', ['x', 'x'], {}, 'sum');
    const value = (name) => ({ name, type: 'float', shape: [1] });
    const session = await openSession(encodeModel(graph.finish('doctor', [value('x')], [value('sum')])));
    const { sum } = await session.run({ x: { data: Float32Array.of(2), shape: [1] } }, { sum: 'float32' });
    await session.close();
    if (sum.data[0] !== 4)
        throw new Error(`2 + 2 gave ${sum.data[0]}`);
    return `${version} on ${executionProvider()}, knows ${providers.join(', ')}`;
}
/** Compiled libraries fail in words of their own, on several lines. */
function installed(library, use) {
    try {
        return use();
    }
    catch (cause) {
        throw new InputError({
            code: 'not-found',
            where: library,
            expected: 'a library that works on this machine',
            found: cause.message,
            fix: 'Install again: npm ci.',
            cause,
        });
    }
}
function sqlite() {
    const database = openMemory();
    try {
        const version = database.value('SELECT sqlite_version()');
        return `${version} in better-sqlite3 ${versionOf('better-sqlite3')}`;
    }
    finally {
        database.close();
    }
}
/** Two letters that give the same picture were not drawn. */
function canvas() {
    const [a, b] = ['a', 'b'].map((title) => renderFigure({ title, footer: [], widthPx: 100, panels: [] }));
    if (a.equals(b))
        throw new Error('letters leave no trace in a picture');
    return 'draws text in its own font';
}
function disk() {
    const { bavail, bsize } = statfsSync('.');
    const free = bavail * bsize;
    if (free >= MINIMAL_DISK_BYTES)
        return `${humanBytes(free)} free in this folder`;
    throw new InputError({
        code: 'bad-machine',
        where: process.cwd(),
        expected: `${humanBytes(MINIMAL_DISK_BYTES)} of free disk for results`,
        found: humanBytes(free),
        fix: 'Make room, or work in another folder.',
    });
}
function versionOf(name) {
    return createRequire(import.meta.url)(`${name}/package.json`).version;
}
