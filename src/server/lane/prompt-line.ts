import type { PromptQueue } from '../../engine/greedy/decode-queue.ts';
import type { Prompt } from '../../engine/greedy/finished.ts';
import { MAX_PASS_TOKENS } from '../../engine/session/batches.ts';
import type { ServedPrompt } from './served-prompt.ts';

/** Prompts in the order in which they came; those of one length go together with the first. */
export class PromptLine implements PromptQueue<ServedPrompt> {
  #waiting: ServedPrompt[] = [];
  #isClosed = false;
  #wake = () => {};

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
      if (first) return this.#takeLike(first).map(({ prompt }) => prompt);
      if (this.#isClosed) return undefined;
      if (!isIdle) return [];
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
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
