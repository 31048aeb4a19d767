import { Worker } from 'node:worker_threads';
import { withoutTelemetry } from '../core/runtime/telemetry.ts';
import { threadFile } from '../core/runtime/thread-file.ts';
import { requireAddressSpace } from '../worker/address-space.ts';
import { fromSentError } from '../worker/job-messages.ts';
import { countJob } from '../worker/running-jobs.ts';
import type { Answered, AskedPrompt, FromLanes, NewTokens, ThreadSettings, ToLanes } from './lane/asked.ts';

/** What becomes of a prompt. */
export interface Listener {
  onTokens(tokens: NewTokens): void;
  onAnswer(answer: Answered): void;
  onFailure(error: Error): void;
}

interface UnderWay {
  readonly listener: Listener;
  readonly lane: number;
  readonly countEnd: () => void;
}

/** The main thread's side of a thread that computes. */
export class LaneThread {
  readonly #worker: Worker;
  readonly #underWay = new Map<number, UnderWay>();
  readonly #ended: Promise<never>;
  #isClosing = false;
  #isAlive = true;

  private constructor(settings: ThreadSettings) {
    withoutTelemetry();
    this.#worker = new Worker(threadFile(import.meta.url, 'lane/lanes-thread'), {
      workerData: settings,
    });
    this.#ended = new Promise((_, reject) => {
      this.#worker.once('error', reject);
      this.#worker.once('exit', (code) => {
        if (!this.#isClosing) reject(new Error(`a thread of the server ended with code ${code}`));
      });
    });
    this.#ended.catch((error: Error) => {
      this.#isAlive = false;
      this.#failAll(error);
    });
  }

  /**
   * @param others threads that run already
   * @throws InputError for a folder that does not open, `bad-machine`
   */
  static async open(settings: ThreadSettings, others: number): Promise<LaneThread> {
    requireAddressSpace(others + 1);
    const thread = new LaneThread(settings);
    const countEnd = countJob();
    try {
      await Promise.race([thread.#opened(), thread.#ended]);
    } catch (error) {
      thread.#isClosing = true;
      await thread.#worker.terminate();
      throw error;
    } finally {
      countEnd();
    }
    thread.#worker.on('message', (message: FromLanes) => thread.#follow(message));
    return thread;
  }

  /** Rejects with what ended the thread, unless it was closed. */
  get ended(): Promise<never> {
    return this.#ended;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Prompts of a lane that are under way. */
  countOf(lane: number): number {
    return [...this.#underWay.values()].filter((one) => one.lane === lane).length;
  }

  get count(): number {
    return this.#underWay.size;
  }

  ask(id: number, prompt: AskedPrompt, listener: Listener): void {
    this.#underWay.set(id, { listener, lane: prompt.lane, countEnd: countJob() });
    this.#send({ type: 'ask', id, prompt });
  }

  /** Nothing more comes for this prompt. */
  cancel(id: number): void {
    if (!this.#take(id)) return;
    this.#send({ type: 'cancel', id });
  }

  /** Once nothing is under way. */
  async close(): Promise<void> {
    if (!this.#isAlive) return;
    this.#isClosing = true;
    const exit = new Promise((resolve) => this.#worker.once('exit', resolve));
    this.#send({ type: 'close' });
    await exit;
  }

  async #opened(): Promise<void> {
    const message = await new Promise<FromLanes>((resolve) => this.#worker.once('message', resolve));
    if (message.type === 'failed') throw fromSentError(message.error);
  }

  #follow(message: FromLanes): void {
    if (message.type === 'tokens') this.#underWay.get(message.id)?.listener.onTokens(message.tokens);
    if (message.type === 'answered') this.#take(message.id)?.onAnswer(message.answer);
    if (message.type === 'failed' && message.id !== undefined)
      this.#take(message.id)?.onFailure(fromSentError(message.error));
  }

  #take(id: number): Listener | undefined {
    const one = this.#underWay.get(id);
    this.#underWay.delete(id);
    one?.countEnd();
    return one?.listener;
  }

  #failAll(error: Error): void {
    for (const id of [...this.#underWay.keys()]) this.#take(id)?.onFailure(error);
  }

  #send(message: ToLanes): void {
    this.#worker.postMessage(message);
  }
}
