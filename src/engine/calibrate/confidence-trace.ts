import { depthOf, headOfExit } from '../../model/folder/manifest.ts';
import { type Confidence, confidenceOf } from '../dynamic/adaptive-settings.ts';
import { teacherForce } from '../forced/teacher-force.ts';
import { type Finished, generate, type Prompt } from '../greedy/generate.ts';
import type { SegmentedModel } from '../session/segmented-model.ts';

/** What an exit before the deepest says where full depth chose a token. */
export interface ExitGuess {
  readonly exit: number;
  /** 0 to 1 */
  readonly confidence: number;
  /** Whether it is full depth's token. */
  readonly isRight: boolean;
}

/** For each token of full depth's answer, the guesses of the exits before it, ascending. */
export type ConfidenceTrace = readonly (readonly ExitGuess[])[];

export interface TraceSettings {
  readonly maxNewTokens: number;
  readonly batchSize: number;
  readonly confidence?: Confidence | undefined;
  /** Tokens that end an answer. Default: the model folder's. */
  readonly eosTokenIds?: readonly number[] | undefined;
}

/** Answers whose states are in memory together. */
const ANSWERS_AT_ONCE = 16;

/**
 * Answers prompts at full depth, and asks every exit before it along these answers. As long as each token so far is full
 * depth's, adaptive depth sees just these guesses: so a trace tells, for any thresholds, whether it gives the same answer.
 * A prompt without room for an answer has no trace.
 * @param model opened with `openStepwise`
 * @throws InputError `bad-checkpoint`; the signal's reason when it is aborted
 */
export async function* confidenceTraces(
  model: SegmentedModel,
  prompts: readonly (readonly number[])[],
  settings: TraceSettings,
  signal?: AbortSignal,
): AsyncGenerator<ConfidenceTrace> {
  const { eosTokenIds = model.manifest.eosTokenIds } = settings;
  const exits = [depthOf(model.manifest)];
  const asked = prompts.map((ids): Prompt<readonly number[]> => ({ tag: ids, ids, exits }));
  let answers: Finished<readonly number[]>[] = [];
  for await (const answer of generate(model, asked, { ...settings, eosTokenIds }, signal)) {
    if (answer.tokenIds.length > 0) answers.push(answer);
    if (answers.length < ANSWERS_AT_ONCE) continue;
    yield* await tracesOf(model, answers, settings);
    answers = [];
  }
  yield* await tracesOf(model, answers, settings);
}

async function tracesOf(
  model: SegmentedModel,
  answers: readonly Finished<readonly number[]>[],
  { confidence }: TraceSettings,
): Promise<ConfidenceTrace[]> {
  const exits = model.manifest.exits.slice(0, -1);
  if (answers.length === 0 || exits.length === 0) return [];
  const continuations = answers.map(({ tag, tokenIds }) => ({ context: tag, continuation: tokenIds }));
  const states = await teacherForce(model, continuations, { exits });
  const traces = answers.map(({ tokenIds }): ExitGuess[][] => tokenIds.map(() => []));
  for (const [index, { tokenIds }] of answers.entries()) {
    for (const exit of exits) {
      const { file } = headOfExit(model.manifest, exit, 'exit');
      const guesses = await model.confidentTokens(file, states[index]!.get(exit)!);
      for (const [token, guess] of guesses.entries()) {
        const isRight = guess.id === tokenIds[token];
        traces[index]![token]!.push({ exit, confidence: confidenceOf(guess, confidence), isRight });
      }
    }
  }
  return traces;
}
