/** Results that `sorted-eval view` serves: fetched, and fetched again whenever a sweep has written to them. */

export interface ServedFile {
  readonly image: Uint8Array<ArrayBuffer>;
  /** Of this state of the file. */
  readonly tag: string;
}

/** A path that `sorted-eval view` wrote into the page; `undefined` in an exported page. */
export function servedPath(slot: 'results' | 'second'): string | undefined {
  return written(slot);
}

/** Key of the run that `view --run` or `export --run` chose; `undefined`: the newest. */
export function chosenRun(): string | undefined {
  return written('run');
}

function written(name: string): string | undefined {
  return document.querySelector<HTMLMetaElement>(`meta[name="sorted-eval-${name}"]`)?.content;
}

/** `undefined` where the file is as it was at `tag`. */
export async function fetchServed(path: string, tag = ''): Promise<ServedFile | undefined> {
  const response = await fetch(path, { cache: 'no-store', headers: { 'if-none-match': tag } });
  if (response.status === 304) return undefined;
  if (!response.ok) throw new Error(await response.text());
  return { image: new Uint8Array(await response.arrayBuffer()), tag: response.headers.get('etag') ?? '' };
}
