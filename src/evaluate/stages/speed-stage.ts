import {
  knownRepetitions,
  saveRepetitions,
  saveRunSpeed,
  timedSettings,
} from '../../store/tables/speed-table.ts';
import { runJob } from '../../worker/run-job.ts';
import { inRounds, planSpeed, type Repetition, type SpeedSetting, turnsOf } from '../plan/plan-speed.ts';
import type { ConfigContext, ModelsContext } from '../plan/run-context.ts';
import { inUnits, runStage, type Stage, type StageContext } from '../stage.ts';

export type SpeedContext = StageContext & ModelsContext & ConfigContext<'speed'>;

type Timed = Repetition & { readonly tokens: number; readonly durationMs: number };

/**
 * Times decoding at every exit of every model that runs in this process: all in turns, round after round. What another run
 * measured of the same exits on this machine holds for this one; what the run has stays as it is.
 */
export async function speedStage(context: SpeedContext, job = runJob): Promise<void> {
  const { store, run, models, config } = context;
  const planned = planSpeed(context);
  if (planned.length === 0) return;
  const has = timedSettings(store, run);
  const open = planned.filter((setting) => !has.has(settingId(setting)));
  const stage: Stage<Repetition, Timed> = {
    label: 'speed',
    items: inRounds(differing(planned), config.speed.repetitions),
    keysOf: (item) => [has.has(settingId(item)) ? settingId(item) : repetitionId(item)],
    known: () => new Set([...has, ...knownRepetitions(store, open)]),
    async *compute(items, signal) {
      // Storing a round at its end leaves the machine alone while it is timed.
      const units = inUnits(job('speed', { turns: turnsOf(items, models) }, signal), planned.length);
      for await (const unit of units) yield unit.map(({ tag, ...timed }) => ({ ...items[tag]!, ...timed }));
    },
    save: (timed) => saveRepetitions(store, timed),
  };
  await runStage(stage, context);
  saveRunSpeed(store, run, open);
}

/** An early-exit model at full depth is its base: one sub-model, timed once. */
const differing = (settings: readonly SpeedSetting[]) =>
  [...new Map(settings.toReversed().map((setting) => [setting.speedKey, setting])).values()].reverse();

const settingId = ({ model, exit, batchSize }: Pick<SpeedSetting, 'model' | 'exit' | 'batchSize'>) =>
  `${model} ${exit} ${batchSize}`;
const repetitionId = ({ speedKey, repetition }: Repetition) => `${speedKey} ${repetition}`;
