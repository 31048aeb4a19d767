import type { Answered, AskedPrompt } from './lane/asked.ts';
import type { LaneThread, Listener } from './lane-thread.ts';

/** A prompt from when it is accepted to when its answer has come. */
export class PendingPrompt {
  readonly id: number;
  readonly prompt: AskedPrompt;
  /** A thread has it. */
  readonly started: Promise<void>;
  readonly answer: Promise<Answered>;
  readonly #onTokens: Listener['onTokens'];
  #thread: LaneThread | undefined;
  #hasStarted!: () => void;
  #hasAnswer!: (answer: Answered) => void;
  #fail!: (error: Error) => void;

  constructor(id: number, prompt: AskedPrompt, onTokens: Listener['onTokens']) {
    this.id = id;
    this.prompt = prompt;
    this.#onTokens = onTokens;
    const started = new Promise<void>((resolve) => {
      this.#hasStarted = resolve;
    });
    this.answer = new Promise((resolve, reject) => {
      this.#hasAnswer = resolve;
      this.#fail = reject;
    });
    // It fails with its answer.
    this.started = Promise.race([started, this.answer.then(() => {})]);
    this.started.catch(() => {});
  }

  start(thread: LaneThread): void {
    this.#thread = thread;
    this.#hasStarted();
    const [onTokens, onAnswer, onFailure] = [this.#onTokens, this.#hasAnswer, this.#fail];
    thread.ask(this.id, this.prompt, { onTokens, onAnswer, onFailure });
  }

  /** Nobody computes it any more. */
  refuse(error: Error): void {
    this.#thread?.cancel(this.id);
    this.#fail(error);
  }
}
