/** A string, which may hold digits, or a number. */
const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const MARK = '\uE000number ';
const MARKED = new RegExp(`"${MARK}([^"]+)"`, 'g');

/**
 * Changes an object of JSON and leaves every other number as it was written: Python tells 0.0 from 0 and 10000.0 from
 * 10000, and so do the checks of transformers' configuration classes.
 * @param text well-formed JSON of an object
 * @param change gets the object with each number as a string that stands for it
 */
export function changeJson(
  text: string,
  change: (value: Record<string, unknown>) => Record<string, unknown>,
): string {
  const marked = text.replace(TOKEN, (token) => (token.startsWith('"') ? token : `"${MARK}${token}"`));
  const changed = JSON.stringify(change(JSON.parse(marked) as Record<string, unknown>), null, 2);
  return `${changed.replace(MARKED, '$1')}\n`;
}
