const [QUOTE, COLON, BACKSLASH] = [0x22, 0x3a, 0x5c];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];

/** The limit of serde_json, which Hugging Face's own readers are built on. */
export const MAX_JSON_DEPTH = 128;

export interface JsonScan {
  /** More than `MAX_JSON_DEPTH` objects and lists inside each other; the scan ended there. */
  readonly isTooDeep: boolean;
  /** The first key that one object has twice. */
  readonly repeatedKey: string | undefined;
}

/**
 * Finds what JSON.parse passes in silence. Of a key given twice it keeps the last value, where other readers keep the first;
 * and nesting without end costs it minutes. Text that is not JSON gives some scan or other.
 */
export function scanJson(text: string): JsonScan {
  /** The keys of each open object, undefined for a list. */
  const open: (Set<string> | undefined)[] = [];
  let repeatedKey: string | undefined;
  for (let index = 0; index < text.length; index++) {
    const character = text.charCodeAt(index);
    if (character === OPEN_OBJECT) open.push(new Set());
    else if (character === OPEN_LIST) open.push(undefined);
    else if (character === CLOSE_OBJECT || character === CLOSE_LIST) open.pop();
    else if (character === QUOTE) {
      const end = endOfString(text, index);
      const keys = open.at(-1);
      if (keys && isBeforeColon(text, end)) {
        const key = keyOf(text.slice(index, end));
        if (keys.has(key)) repeatedKey ??= key;
        keys.add(key);
      }
      index = end - 1;
    }
    if (open.length > MAX_JSON_DEPTH) return { isTooDeep: true, repeatedKey };
  }
  return { isTooDeep: false, repeatedKey };
}

/** Index after the closing quote, or the text's end where there is none. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end + 1;
  }
  return text.length;
}

function isBeforeColon(text: string, end: number): boolean {
  let next = end;
  while (' \t\r\n'.includes(text[next] ?? '.')) next++;
  return text.charCodeAt(next) === COLON;
}

/** `"\u0061"` and `"a"` are one key, as are two halves of surrogate pairs, which both become U+FFFD. */
function keyOf(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return (JSON.parse(quoted) as string).toWellFormed();
  } catch {
    return quoted;
  }
}
