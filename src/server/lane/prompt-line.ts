import type { PromptQueue } from '../../engine/greedy/decode-queue.ts';
import type { Prompt } from '../../engine/greedy/finished.ts';
import { MAX_PASS_TOKENS } from '../../engine/session/batches.ts';
import type { ServedPrompt } from './served-prompt.ts';

/** Steps that prompts wait at most for others of their length, while others decode. */
const MAX_STEPS_HELD = 2;
/** They go on as soon as there is one for this many rows that decode. */
const ROWS_PER_PROMPT = 3;

/**
 * Prompts in the order in which they came; those of one length go together with the first. Beside a full batch they come one by one, and one
 * prompt takes nearly as long to read as two of one length: so a few are read at a time, where many rows decode.
 */
export class PromptLine implements PromptQueue<ServedPrompt> {
  readonly #underWay: () => number;
  #waiting: ServedPrompt[] = [];
  #isReading = false;
  #stepsHeld = 0;
  #isClosed = false;
  #wake = () => {};

  /** @param underWay prompts that wait or decode */
  constructor(underWay: () => number) {
    this.#underWay = underWay;
  }

  add(prompt: ServedPrompt): void {
    this.#waiting.push(prompt);
    this.#wake();
  }

  /** Those that wait are still answered; no others come. */
  close(): void {
    this.#isClosed = true;
    this.#wake();
  }

  async next(isIdle: boolean): Promise<readonly Prompt<ServedPrompt>[] | undefined> {
    while (true) {
      this.#waiting = this.#waiting.filter(({ isCancelled }) => !isCancelled);
      const [first] = this.#waiting;
      if (first && !isIdle && this.#isHeld()) return [];
      if (first) return this.#takeLike(first).map(({ prompt }) => prompt);
      this.#isReading = false;
      if (this.#isClosed) return undefined;
      if (!isIdle) return [];
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Called before each step, and for each read: once reading begins, all that wait are read. */
  #isHeld(): boolean {
    const decoding = this.#underWay() - this.#waiting.length;
    const isEnough = ROWS_PER_PROMPT * this.#waiting.length >= decoding;
    this.#isReading ||= isEnough || this.#stepsHeld === MAX_STEPS_HELD;
    this.#stepsHeld = this.#isReading ? 0 : this.#stepsHeld + 1;
    return !this.#isReading;
  }

  #takeLike({ asked, readsStates }: ServedPrompt): ServedPrompt[] {
    const { length } = asked.ids;
    const most = Math.max(1, Math.floor(MAX_PASS_TOKENS / length));
    const like = this.#waiting
      .filter((other) => other.asked.ids.length === length && other.readsStates === readsStates)
      .slice(0, most);
    this.#waiting = this.#waiting.filter((other) => !like.includes(other));
    return like;
  }
}
