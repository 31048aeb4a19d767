import { cutAtStop } from './stop-text.ts';

/** The text of a response whose tokens come one after the other. */
export class GrowingText {
  readonly #decode: (ids: readonly number[]) => string;
  readonly #stop: readonly string[];
  readonly #ids: number[] = [];
  #shown = 0;

  constructor(decode: (ids: readonly number[]) => string, stop: readonly string[]) {
    this.#decode = decode;
    this.#stop = stop;
  }

  /** What can be shown after further tokens: no half character, and nothing that a stop text may begin with. */
  add(ids: readonly number[]): string {
    this.#ids.push(...ids);
    const text = cutAtStop(this.#decode(this.#ids), this.#stop).replace(/\uFFFD+$/, '');
    return this.#show(text.slice(0, text.length - heldBack(text, this.#stop)));
  }

  /** What is still to be shown after the last tokens. */
  end(ids: readonly number[]): string {
    this.#ids.push(...ids);
    return this.#show(cutAtStop(this.#decode(this.#ids), this.#stop));
  }

  #show(text: string): string {
    const shown = text.slice(this.#shown);
    this.#shown = Math.max(this.#shown, text.length);
    return shown;
  }
}

/** Length of the longest end of a text that a stop text begins with. */
function heldBack(text: string, stop: readonly string[]): number {
  const longest = Math.max(0, ...stop.map(({ length }) => length - 1));
  for (let length = Math.min(longest, text.length); length > 0; length--) {
    const end = text.slice(-length);
    if (stop.some((one) => one.startsWith(end))) return length;
  }
  return 0;
}
