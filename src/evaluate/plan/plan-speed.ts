/** What is timed, in which order, and what its measurement depends on. */
import { availableParallelism, cpus } from 'node:os';
import { formedPrompt } from '../../data/prompts/prompt-form.ts';
import { WARM_UP_STEPS } from '../../engine/greedy/decode-speed.ts';
import { executionProvider } from '../../model/folder/provider.ts';
import { encodePrompt } from '../../model/tokenizer/tokenizer.ts';
import { type FolderModel, isFolderModel } from '../../sources/folder-source.ts';
import { type SpeedParts, speedKey } from '../../store/tables/speed-table.ts';
import type { SpeedTurn } from '../../worker/jobs/speed-job.ts';
import type { ConfigContext, ModelsContext } from './run-context.ts';

/** One exit of one model at one batch size. */
export interface SpeedSetting extends SpeedParts {
  readonly model: string;
  readonly exit: number;
  readonly speedKey: string;
}

/** A setting's turn in one round. */
export interface Repetition extends SpeedSetting {
  /** Round, from 0. */
  readonly repetition: number;
}

/** Tokens that timed responses continue, of this text over and over: the instruction file plays no part in the speed. */
export const SPEED_PROMPT_TOKENS = 64;
const SPEED_INSTRUCTION = {
  id: '',
  instruction: 'Say in a few words what a language model does.',
  input: '',
};

export type SpeedPlanContext = Pick<ModelsContext, 'models'> & ConfigContext<'speed'>;

/** Every setting of every model that runs in this process, model after model. */
export function planSpeed({ models, config: { speed } }: SpeedPlanContext): SpeedSetting[] {
  const steps = stepsOfRepetition(speed);
  const { repetitions } = speed;
  const machine = machineName();
  return [...models.values()].filter(isFolderModel).flatMap((model) =>
    speed.batchSizes.flatMap((batchSize) =>
      model.exits.map((exit) => {
        const promptTokens = promptTokensOf(model, steps);
        const settings = { steps, repetitions, promptTokens, machine };
        const parts = { subModelKey: model.keys.get(exit)!, batchSize, settings };
        return { model: model.name, exit, ...parts, speedKey: speedKey(parts) };
      }),
    ),
  );
}

/** The timed steps are divided among the rounds, so that more rounds take hardly more time. */
function stepsOfRepetition({ steps, repetitions }: { steps: number; repetitions: number }): number {
  return Math.ceil(steps / repetitions);
}

/**
 * All settings in turns, round after round. Every other round runs backwards, so that a machine that grows slower or faster
 * meanwhile does so for all alike.
 */
export function inRounds(settings: readonly SpeedSetting[], rounds: number): Repetition[] {
  const backwards = settings.toReversed();
  return Array.from({ length: rounds }, (_, repetition) =>
    (repetition % 2 === 0 ? settings : backwards).map((setting) => ({ ...setting, repetition })),
  ).flat();
}

/** Neighbours of one model are one turn: its prompt is read once. The tag is the place in `repetitions`. */
export function turnsOf(repetitions: readonly Repetition[], models: SpeedPlanContext['models']): SpeedTurn[] {
  const turns: (SpeedTurn & { model: string; timings: SpeedTurn['timings'][number][] })[] = [];
  for (const [tag, { model: name, exit, batchSize, settings }] of repetitions.entries()) {
    const { steps } = settings;
    if (turns.at(-1)?.model !== name) {
      const model = models.get(name) as FolderModel;
      const promptIds = promptOf(model, promptTokensOf(model, steps));
      const { folder, dynamic } = model;
      turns.push({ model: name, folder, promptIds, dynamic, timings: [] });
    }
    turns.at(-1)!.timings.push({ tag, exit, batchSize, steps });
  }
  return turns;
}

/** A context may be too short for the usual prompt before the timed steps. */
function promptTokensOf({ manifest }: FolderModel, steps: number): number {
  return Math.min(SPEED_PROMPT_TOKENS, manifest.architecture.contextLength - WARM_UP_STEPS - steps);
}

function promptOf({ tokenizer, form }: FolderModel, tokens: number): number[] {
  const ids = encodePrompt(tokenizer, formedPrompt(form, SPEED_INSTRUCTION));
  return Array.from({ length: tokens }, (_, index) => ids[index % ids.length]!);
}

/** `AMD EPYC 7B13, 2 cores, cpu`: another processor, or another share of it, is another measurement. */
function machineName(): string {
  const processor = cpus()[0]?.model.trim() ?? process.arch;
  return `${processor}, ${availableParallelism()} cores, ${executionProvider()}`;
}
