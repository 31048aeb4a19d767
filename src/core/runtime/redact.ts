/** API keys must reach no stream and no file, in whatever form a server sends them back. */

/** What stands in a key's place. */
export const REDACTED = '[API key]';

/** A shorter one is no secret but a word that a server wants to have (`EMPTY`, `none`), and would be found in any text. */
const MIN_SECRET_CHARACTERS = 8;

const secrets = new Map<string, RegExp>();

/** From now on {@link redact} finds this key. */
export function registerSecret(secret: string): void {
  if (secret.length >= MIN_SECRET_CHARACTERS) secrets.set(secret, formsOf(secret));
}

/** `text` without the registered keys: raw, URL-encoded, `\u`-escaped, as HTML entities, hex, base64, base64url. */
export function redact(text: string): string {
  let safe = text;
  for (const forms of secrets.values()) safe = safe.replace(forms, REDACTED);
  return safe;
}

/** The same for every string in what JSON.parse gives, names of keys included. */
export function redactValue(value: unknown): unknown {
  if (secrets.size === 0) return value;
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map(redactValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [redact(key), redactValue(item)]));
}

function formsOf(secret: string): RegExp {
  const bytes = Buffer.from(secret);
  const hex = Array.from(bytes, (byte) => anyCase(byte.toString(16).padStart(2, '0')));
  const forms = [
    spelled(secret),
    hex.join('[\\s:-]?'),
    ...[0, 1, 2].map((shift) => base64Core(bytes, shift)),
  ];
  return new RegExp(forms.join('|'), 'g');
}

/** Each character in any of its escaped forms, which a server may mix. */
function spelled(secret: string): string {
  const forms = (character: string) => {
    const code = character.charCodeAt(0);
    const hex = anyCase(code.toString(16).padStart(2, '0'));
    return `(?:${literal(character)}|%${hex}|\\\\+u00${hex}|\\\\+x${hex}|&#(?:0*${code}|[xX]0*${hex});)`;
  };
  return Array.from(secret, forms).join('');
}

/**
 * What of the base64 of any text around it depends on the key alone, in both alphabets.
 * @param shift bytes before the key, modulo 3
 */
function base64Core(bytes: Buffer, shift: number): string {
  const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const first = Math.ceil((shift * 8) / 6);
  const whole = Math.floor(((shift + bytes.length) * 8) / 6);
  const core = encoded.slice(first, whole);
  // A whole encoding loses its rest, too.
  return `${Array.from(core, (character) => ({ '+': '[-+]', '/': '[_/]' })[character] ?? character).join('')}[\\w+/-]?=*`;
}

const anyCase = (hex: string) => hex.replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
const literal = (character: string) => character.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
