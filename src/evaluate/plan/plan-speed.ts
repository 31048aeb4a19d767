/** What is timed, in which order, and what its measurement depends on. */
import { formedPrompt } from '../../data/prompts/prompt-form.ts';
import { WARM_UP_STEPS } from '../../engine/greedy/decode-speed.ts';
import { encodePrompt } from '../../model/tokenizer/tokenizer.ts';
import { type FolderModel, isFolderModel } from '../../sources/folder-source.ts';
import type { SweepModel } from '../../sources/model-source.ts';
import { type MeasuredModel, shapeOf } from '../../sources/served/measured-model.ts';
import { isServedModel } from '../../sources/served/served-model.ts';
import { type SpeedParts, speedKey } from '../../store/tables/speed-table.ts';
import type { SpeedTurn } from '../../worker/jobs/speed-job.ts';
import { machineName } from '../../worker/machine-name.ts';
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

/** Every setting of every model that can be timed, model after model. */
export function planSpeed({ models, config: { speed } }: SpeedPlanContext): SpeedSetting[] {
  const steps = stepsOfRepetition(speed);
  const { repetitions } = speed;
  return [...models.values()].filter(isTimed).flatMap((model) =>
    speed.batchSizes.flatMap((batchSize) =>
      model.exits.map((exit) => {
        const promptTokens = promptTokensOf(model, steps);
        const settings = { steps, repetitions, promptTokens, machine: machineOf(model) };
        const parts = { subModelKey: model.keys.get(exit)!, batchSize, settings };
        return { model: model.name, exit, ...parts, speedKey: speedKey(parts) };
      }),
    ),
  );
}

function isTimed(model: SweepModel): model is MeasuredModel {
  return isFolderModel(model) || (isServedModel(model) && model.served.listed.features.includes('speed'));
}

function machineOf(model: MeasuredModel): string {
  return isServedModel(model) ? model.served.listed.device : machineName();
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

/**
 * Those of models in this process. Neighbours of one model are one turn: its prompt is read once. The tag is the place in
 * `repetitions`.
 */
export function turnsOf(repetitions: readonly Repetition[], models: SpeedPlanContext['models']): SpeedTurn[] {
  const turns: (SpeedTurn & { model: string; timings: SpeedTurn['timings'][number][] })[] = [];
  for (const [tag, { model: name, exit, batchSize, settings }] of repetitions.entries()) {
    const { steps } = settings;
    const model = models.get(name)!;
    if (!isFolderModel(model)) continue;
    if (turns.at(-1)?.model !== name) {
      const promptIds = promptOf(model, promptTokensOf(model, steps));
      const { folder, dynamic } = model;
      turns.push({ model: name, folder, promptIds, dynamic, timings: [] });
    }
    turns.at(-1)!.timings.push({ tag, exit, batchSize, steps });
  }
  return turns;
}

/** A context may be too short for the usual prompt before the timed steps. */
function promptTokensOf(model: MeasuredModel, steps: number): number {
  return Math.min(SPEED_PROMPT_TOKENS, shapeOf(model).contextLength - WARM_UP_STEPS - steps);
}

/** Of a model that times itself. */
export function speedPromptOf({ form }: Pick<SweepModel, 'form'>): string {
  return formedPrompt(form, SPEED_INSTRUCTION).text;
}

function promptOf({ tokenizer, form }: FolderModel, tokens: number): number[] {
  const ids = encodePrompt(tokenizer, formedPrompt(form, SPEED_INSTRUCTION));
  return Array.from({ length: tokens }, (_, index) => ids[index % ids.length]!);
}
