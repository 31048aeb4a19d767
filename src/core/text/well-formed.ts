/**
 * Text as UTF-8 can write it. JSON's and YAML's `\ud83d` may stand without its other half; hashing and storing would each make
 * something of it, and what is hashed, stored and shown would be three texts. So it becomes U+FFFD where it enters.
 */

/** Plain data with every string well-formed, keys included. */
export function wellFormedValue(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormedValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.toWellFormed(), wellFormedValue(item)]),
  );
}
