import { type AnswerDecoding, isPlainGreedy } from '../core/decoding/answer-decoding.ts';
import { InputError } from '../core/errors.ts';
import type { BeamSearchSettings } from './beam/beam-search.ts';
import { beamsAtExits } from './beam/beams-at-exits.ts';
import { type DynamicSettings, generateAny, isDynamic } from './dynamic/generate-any.ts';
import type { DecodingSettings } from './greedy/decoding-settings.ts';
import type { Finished, Prompt } from './greedy/finished.ts';
import { SegmentedModel } from './session/segmented-model.ts';

/** How answers are written: by which search, and at which depth. */
export interface AnswerWays {
  readonly decoding: AnswerDecoding;
  readonly dynamic: DynamicSettings;
}

export interface AnswerSettings
  extends AnswerWays,
    DecodingSettings,
    Pick<BeamSearchSettings, 'maxPromptsRead'> {}

/** A model that answers under way use. */
interface Lent {
  readonly model: Promise<SegmentedModel>;
  readonly isStepwise: boolean;
  answers: number;
}

/**
 * A model folder that answers in every way, from one set of weights. The first answer at a depth that is chosen token by token
 * opens graphs that can do that, too, in the place of the first ones, which are closed as soon as no answer under way uses them.
 * Beams open graphs of their own and close them.
 */
export class AnswerEngine {
  readonly #folder: string;
  readonly #threads: number | undefined;
  readonly #open = new Set<Lent>();
  #current: Lent | undefined;

  /** @param threads of one run; default: one per core */
  constructor(folder: string, threads?: number) {
    this.#folder = folder;
    this.#threads = threads;
  }

  /**
   * Opens the model for greedy answers at fixed exits.
   * @throws InputError when model.json or a file that it names does not fit
   */
  async open(): Promise<SegmentedModel> {
    this.#current ??= this.#opened(SegmentedModel.open, false);
    return this.#current.model;
  }

  /**
   * Responses in the order in which they end.
   * @param prompts with beams in the order of `byExit`
   * @throws InputError `unknown-exit`, `bad-option`, `bad-checkpoint`; the signal's reason when it is aborted
   */
  async *answer<Tag>(
    prompts: Iterable<Prompt<Tag>>,
    settings: AnswerSettings,
    signal?: AbortSignal,
  ): AsyncGenerator<Finished<Tag>> {
    requireFixedDepth(settings, 'decoding');
    const { decoding, dynamic } = settings;
    if (decoding.strategy === 'beams') {
      const search = { ...settings, ...decoding, threads: this.#threads };
      yield* beamsAtExits(this.#folder, prompts, search, signal);
      return;
    }
    const lent = this.#lend(settings);
    try {
      const { repetitionPenalty } = decoding;
      const all = { ...settings, repetitionPenalty, ...dynamic };
      yield* generateAny(await lent.model, prompts, all, signal);
    } finally {
      lent.answers -= 1;
      if (lent !== this.#current && lent.answers === 0) await this.#close(lent);
    }
  }

  async close(): Promise<void> {
    for (const lent of this.#open) await this.#close(lent);
  }

  /** The model for an answer, which it has until `answers` is counted down. */
  #lend({ decoding, dynamic }: AnswerWays): Lent {
    const before = this.#current;
    if (isDynamic(dynamic)) {
      if (!before?.isStepwise) this.#current = this.#opened(SegmentedModel.openStepwise, true, before);
    } else if (!before) {
      const open = isPlainGreedy(decoding) ? SegmentedModel.open : SegmentedModel.openPenalised;
      this.#current = this.#opened(open, false);
    }
    this.#current!.answers += 1;
    return this.#current!;
  }

  /** @param replaced is closed before, if no answer uses it */
  #opened(open: typeof SegmentedModel.open, isStepwise: boolean, replaced?: Lent): Lent {
    const closed = replaced?.answers === 0 ? this.#close(replaced) : Promise.resolve();
    const model = closed.then(() => open(this.#folder, this.#threads));
    const lent = { model, isStepwise, answers: 0 };
    this.#open.add(lent);
    return lent;
  }

  async #close(lent: Lent): Promise<void> {
    if (this.#open.delete(lent)) await (await lent.model).close();
  }
}

/** @throws InputError `bad-option` for depth that is chosen token by token beside beams or a repetition penalty */
export function requireFixedDepth({ decoding, dynamic }: AnswerWays, where: string): void {
  if (isPlainGreedy(decoding) || !isDynamic(dynamic)) return;
  throw new InputError({
    code: 'bad-option',
    where,
    expected: 'greedy without a repetition penalty, beside adaptive or speculative depth',
    found: decoding.strategy === 'beams' ? 'beams' : `a repetition penalty of ${decoding.repetitionPenalty}`,
    fix: 'Answer at fixed exits, or leave these settings out.',
  });
}
