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

const OPEN = {
  plain: SegmentedModel.open,
  stepwise: SegmentedModel.openStepwise,
  penalised: SegmentedModel.openPenalised,
};
type Graphs = keyof typeof OPEN;

/** A model folder that answers in every way. Each way has graphs of its own, which are opened when it is first asked for. */
export class AnswerEngine {
  readonly #folder: string;
  readonly #threads: number | undefined;
  readonly #opened = new Map<Graphs, Promise<SegmentedModel>>();

  /** @param threads of one run; default: one per core */
  constructor(folder: string, threads?: number) {
    this.#folder = folder;
    this.#threads = threads;
  }

  /** @throws InputError when model.json or a file that it names does not fit */
  open(graphs: Graphs): Promise<SegmentedModel> {
    const model = this.#opened.get(graphs) ?? OPEN[graphs](this.#folder, this.#threads);
    this.#opened.set(graphs, model);
    return model;
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
    const model = await this.open(graphsFor(settings));
    const { repetitionPenalty } = decoding;
    yield* generateAny(model, prompts, { ...settings, repetitionPenalty, ...dynamic }, signal);
  }

  async close(): Promise<void> {
    for (const model of this.#opened.values()) await (await model).close();
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

function graphsFor({ decoding, dynamic }: AnswerWays): Graphs {
  if (isDynamic(dynamic)) return 'stepwise';
  return isPlainGreedy(decoding) ? 'plain' : 'penalised';
}
