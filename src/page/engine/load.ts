/** Where the results of a page come from: from inside of it, or from `sorted-eval view`. */

import { runListRead } from '../queries/run-query.ts';
import type { OpenFile } from '../state.ts';
import type { Engine } from './engine.ts';
import { fetchServed, servedPath } from './served.ts';

export interface Loaded {
  readonly file: OpenFile;
  readonly second: OpenFile | undefined;
  /** Opens what a sweep has written since, and resolves to whether there was anything; `undefined` where nothing can change. */
  readonly refresh: (() => Promise<boolean>) | undefined;
}

/**
 * Rejects where the page has no results, or they cannot be read.
 * @param embedded results that lie in the page
 */
export async function loadResults(
  engine: Engine,
  embedded: Uint8Array<ArrayBuffer> | undefined,
): Promise<Loaded> {
  if (embedded !== undefined) {
    await engine.open('first', 'this page', embedded);
    return { file: await openFile(engine, 'this page'), second: undefined, refresh: undefined };
  }
  const path = servedPath('results');
  if (path === undefined) throw new Error('This page has no results: make it by `sorted-eval export`.');
  return loadServed(engine, path);
}

async function loadServed(engine: Engine, path: string): Promise<Loaded> {
  let tag = '';
  const refresh = async () => {
    const served = await fetchServed(path, tag);
    if (served === undefined) return false;
    await engine.open('first', 'results.db', served.image);
    tag = served.tag;
    return true;
  };
  await refresh();
  return { file: await openFile(engine, 'results.db'), second: await loadSecond(engine), refresh };
}

async function loadSecond(engine: Engine): Promise<OpenFile | undefined> {
  const path = servedPath('second');
  const served = path === undefined ? undefined : await fetchServed(path);
  if (served === undefined) return undefined;
  await engine.open('second', 'second.db', served.image);
  return { name: 'the second file', runs: await engine.read('second', runListRead()) };
}

async function openFile(engine: Engine, name: string): Promise<OpenFile> {
  return { name, runs: await engine.read('first', runListRead()) };
}
