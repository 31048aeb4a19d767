import { setMaxListeners } from 'node:events';
import { ApiError } from './api-error.ts';
import type { AskedPrompt, NewTokens, ThreadSettings } from './lane/asked.ts';
import { LaneThread } from './lane-thread.ts';
import { PendingPrompt } from './pending-prompt.ts';

export interface WaitingLimits {
  /** Prompts that wait for a place in a batch. */
  readonly maxWaiting: number;
  readonly maxWaitSeconds: number;
}

export interface PoolSettings extends WaitingLimits {
  readonly thread: ThreadSettings;
  readonly workers: number;
}

export interface AskOptions {
  /** Its client has gone: nobody wants the answer. */
  readonly signal: AbortSignal;
  readonly onTokens?: (tokens: NewTokens) => void;
}

/**
 * Prompts that a lane of a thread has beyond its batch: there is always one to go on with, and those of one length are read
 * together.
 */
const AHEAD = 16;

/** A thread may have this many times as much to do as another. */
const UNEVEN = 1.25;

/** All requests wait in one line, in their order; each goes to the thread that has the least to do. */
export class LanePool {
  readonly #threads: readonly LaneThread[];
  readonly #settings: PoolSettings;
  readonly #waiting = new Set<PendingPrompt>();
  #nextId = 0;
  #whenIdle: (() => void)[] = [];

  private constructor(threads: readonly LaneThread[], settings: PoolSettings) {
    this.#threads = threads;
    this.#settings = settings;
    this.failure.catch(() => this.#goOn());
  }

  /** @throws InputError for a folder that does not open, `bad-machine` */
  static async open(settings: PoolSettings): Promise<LanePool> {
    const threads: LaneThread[] = [];
    try {
      for (let index = 0; index < settings.workers; index++)
        threads.push(await LaneThread.open(settings.thread, index));
    } catch (error) {
      for (const thread of threads) await thread.close();
      throw error;
    }
    return new LanePool(threads, settings);
  }

  /** Rejects when a thread ends by itself. */
  get failure(): Promise<never> {
    return Promise.race(this.#threads.map(({ ended }) => ended));
  }

  get running(): number {
    return this.#threads.reduce((sum, { count }) => sum + count, 0);
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** @throws ApiError 429 where fewer than `count` more may wait */
  requireRoom(count: number): void {
    const { maxWaiting } = this.#settings;
    if (this.waiting + count <= maxWaiting) return;
    const found = `${this.waiting} wait, and ${count} more came`;
    throw new ApiError(
      429,
      'rate_limit_exceeded',
      `expected at most ${maxWaiting} waiting prompts: ${found}`,
    );
  }

  /** Its answer rejects with an ApiError, or with what failed. */
  ask(prompt: AskedPrompt, { signal, onTokens = () => {} }: AskOptions): PendingPrompt {
    const pending = new PendingPrompt(this.#nextId++, prompt, onTokens);
    const leave = (error: Error) => {
      this.#waiting.delete(pending);
      pending.refuse(error);
    };
    const timer = setTimeout(() => leave(this.#waitedTooLong()), 1000 * this.#settings.maxWaitSeconds);
    pending.started.then(
      () => clearTimeout(timer),
      () => {},
    );
    const onAbort = () => leave(new ApiError(503, 'client_gone', 'the client has gone'));
    // A request may have many prompts.
    setMaxListeners(0, signal);
    signal.addEventListener('abort', onAbort, { once: true });
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      this.#goOn();
    };
    pending.answer.then(end, end);
    this.#waiting.add(pending);
    if (signal.aborted) onAbort();
    this.#goOn();
    return pending;
  }

  /** Resolves once nothing waits and nothing is under way. */
  async idle(): Promise<void> {
    if (this.running + this.waiting === 0) return;
    await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  /** Once it is idle. */
  async close(): Promise<void> {
    for (const thread of this.#threads) await thread.close();
  }

  #goOn(): void {
    if (!this.#threads.some(({ isAlive }) => isAlive)) this.#refuseAll();
    const full = new Set<number>();
    for (const pending of this.#waiting) {
      const { lane } = pending.prompt;
      const thread = full.has(lane) ? undefined : this.#placeFor(pending.prompt);
      if (!thread) full.add(lane);
      else {
        this.#waiting.delete(pending);
        pending.start(thread);
      }
    }
    if (this.running + this.waiting > 0) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  #refuseAll(): void {
    const error = new ApiError(500, 'internal_error', 'the threads of the server have ended');
    const all = [...this.#waiting];
    this.#waiting.clear();
    for (const pending of all) pending.refuse(error);
  }

  /**
   * The thread with the least to do. Where all are busy, prompts of one length go to the same one, which reads them together,
   * as long as it has not much more to do.
   */
  #placeFor({ lane, ids }: AskedPrompt): LaneThread | undefined {
    const most = this.#settings.thread.lanes[lane]!.batchSize + AHEAD;
    const open = this.#threads.filter((thread) => thread.isAlive && thread.countOf(lane) < most);
    const [least] = [...open].sort((left, right) => left.count - right.count);
    const own = open[ids.length % open.length];
    return own && own.count < UNEVEN * least!.count ? own : least;
  }

  #waitedTooLong(): ApiError {
    const message = `expected a place in a batch within ${this.#settings.maxWaitSeconds} s, found none`;
    return new ApiError(503, 'waited_too_long', message);
  }
}
