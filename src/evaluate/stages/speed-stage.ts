import { isServedModel } from '../../sources/served/served-model.ts';
import { servedSpeeds } from '../../sources/served/served-speed.ts';
import {
  knownRepetitions,
  saveRepetitions,
  saveRunSpeed,
  timedSettings,
} from '../../store/tables/speed-table.ts';
import { runJob } from '../../worker/run-job.ts';
import { type MissingResults, noteMissing } from '../checks/missing.ts';
import {
  inRounds,
  planSpeed,
  type Repetition,
  type SpeedSetting,
  speedPromptOf,
  turnsOf,
} from '../plan/plan-speed.ts';
import type { ConfigContext, ModelsContext } from '../plan/run-context.ts';
import { inUnits, runStage, type Stage, type StageContext } from '../stage.ts';

export type SpeedContext = StageContext & ModelsContext & ConfigContext<'speed'>;

type Timed = Repetition & { readonly tokens: number; readonly durationMs: number };

/**
 * Times decoding at every exit of every model in this process, all in turns, round after round; then of those that a server
 * times. What another run measured of the same exits on the same machine holds for this one; what the run has stays as it is.
 * @returns what a server left out, already noted on the progress
 */
export async function speedStage(context: SpeedContext, job = runJob): Promise<MissingResults[]> {
  const { store, run, models, config } = context;
  const planned = planSpeed(context);
  if (planned.length === 0) return [];
  const has = timedSettings(store, run);
  const open = planned.filter((setting) => !has.has(settingId(setting)));
  const stage: Stage<Repetition, Timed> = {
    label: 'speed',
    items: inRounds(differing(planned), config.speed.repetitions),
    keysOf: (item) => [has.has(settingId(item)) ? settingId(item) : repetitionId(item)],
    known: () => new Set([...has, ...knownRepetitions(store, open)]),
    async *compute(items, signal) {
      // Storing a round at its end leaves the machine alone while it is timed.
      for await (const unit of inUnits(timedOf(items, models, job, signal), planned.length))
        yield unit.map(({ tag, ...timed }) => ('error' in timed ? timed : { ...items[tag]!, ...timed }));
    },
    save: (timed) => saveRepetitions(store, timed),
  };
  const missing = noteMissing(context.progress, await runStage(stage, context));
  const timed = knownRepetitions(store, open);
  const isWhole = (one: SpeedSetting) =>
    inRounds([one], config.speed.repetitions).every((round) => timed.has(repetitionId(round)));
  saveRunSpeed(store, run, open.filter(isWhole));
  return missing;
}

type Timing = { readonly tag: number } & (Pick<Timed, 'tokens' | 'durationMs'> | { readonly error: string });

/** Tags are places in `items`. */
async function* timedOf(
  items: readonly Repetition[],
  models: SpeedContext['models'],
  job: typeof runJob,
  signal?: AbortSignal,
): AsyncGenerator<Timing> {
  const turns = turnsOf(items, models);
  if (turns.length > 0) yield* job('speed', { turns }, signal);
  const tagged = items.map(({ settings, ...item }, tag) => ({ ...item, ...settings, tag }));
  for (const model of [...models.values()].filter(isServedModel)) {
    const own = tagged.filter((item) => item.model === model.name);
    yield* servedSpeeds(model.served, speedPromptOf(model), own, signal);
  }
}

/** An early-exit model at full depth is its base: one sub-model, timed once. */
const differing = (settings: readonly SpeedSetting[]) =>
  [...new Map(settings.toReversed().map((setting) => [setting.speedKey, setting])).values()].reverse();

const settingId = ({ model, exit, batchSize }: Pick<SpeedSetting, 'model' | 'exit' | 'batchSize'>) =>
  `${model} ${exit} ${batchSize}`;
const repetitionId = ({ speedKey, repetition }: Repetition) => `${speedKey} ${repetition}`;
