import { formedPrompt } from '../../data/prompts/prompt-form.ts';
import { WARM_UP_STEPS } from '../../engine/greedy/decode-speed.ts';
import { encodePrompt } from '../../model/tokenizer/tokenizer.ts';
import { isFolderModel } from '../../sources/folder-source.ts';
import { readSpeed, type SpeedRecord, saveSpeed } from '../../store/tables/speed-table.ts';
import { runJob } from '../../worker/run-job.ts';
import type { ConfigContext, ModelsContext } from '../plan/run-context.ts';
import { runStage, type Stage, type StageContext } from '../stage.ts';

export type SpeedContext = StageContext & ModelsContext & ConfigContext<'speed'>;

type Setting = Pick<SpeedRecord, 'model' | 'exit' | 'batchSize'>;

/** Times decoding at every exit of every model that runs in this process. Once a run: its figure stays as it is. */
export async function speedStage(context: SpeedContext, job = runJob): Promise<void> {
  const { store, run, instructions, config } = context;
  const { batchSizes, steps } = config.speed;
  const models = [...context.models.values()].filter(isFolderModel);
  const stage: Stage<Setting, SpeedRecord> = {
    label: 'speed',
    items: models.flatMap(({ name, exits }) =>
      batchSizes.flatMap((batchSize) => exits.map((exit) => ({ model: name, exit, batchSize }))),
    ),
    keysOf: (setting) => [keyOf(setting)],
    known: () => new Set(readSpeed(store, run).map(keyOf)),
    async *compute(open, signal) {
      for (const { name, folder, tokenizer, manifest, form } of models) {
        const settings = open.filter(({ model }) => model === name).map((setting) => ({ ...setting, steps }));
        if (settings.length === 0) continue;
        // A prompt that leaves no room for the timed steps is truncated: its text plays no part in the speed.
        const room = manifest.architecture.contextLength - WARM_UP_STEPS - steps;
        const promptIds = encodePrompt(tokenizer, formedPrompt(form, instructions[0]!)).slice(0, room);
        let done = 0;
        for await (const speed of job('speed', { folder, promptIds, settings }, signal)) {
          yield [{ ...settings[done++]!, ...speed }];
        }
      }
    },
    save: (measured) => saveSpeed(store, run, measured),
  };
  if (models.length > 0) await runStage(stage, context);
}

const keyOf = ({ model, exit, batchSize }: Setting) => `${model} ${exit} ${batchSize}`;
