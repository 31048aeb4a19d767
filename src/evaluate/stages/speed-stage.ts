import { alpacaPrompt } from '../../data/alpaca-prompt.ts';
import { WARM_UP_STEPS } from '../../engine/greedy/decode-speed.ts';
import { type FolderModel, isFolderModel } from '../../sources/sweep-models.ts';
import { readSpeed, saveSpeed } from '../../store/tables/speed-table.ts';
import { runJob } from '../../worker/run-job.ts';
import type { Sweep } from '../open-sweep.ts';

/** Times decoding at every exit of every model of this process, once a run: a second run of the same sweep draws the same figure. */
export async function speedStage(sweep: Sweep): Promise<void> {
  const folderModels = [...sweep.models.values()].filter(isFolderModel);
  if (folderModels.length === 0) return;
  const measured = new Set(readSpeed(sweep.store, sweep.run).map(keyOf));
  const total = folderModels.flatMap((model) => settingsOf(sweep, model)).length;
  const task = sweep.progress.start('speed', total, measured.size);
  try {
    for (const model of folderModels) {
      const open = settingsOf(sweep, model).filter((setting) => !measured.has(keyOf(setting)));
      if (open.length > 0) await measureModel(sweep, model, open, () => task.advance(1));
    }
  } finally {
    task.end();
  }
}

interface Setting {
  readonly model: string;
  readonly exit: number;
  readonly batchSize: number;
}

const keyOf = ({ model, exit, batchSize }: Setting) => `${model} ${exit} ${batchSize}`;

function settingsOf(sweep: Sweep, { name, exits }: FolderModel): Setting[] {
  const { batchSizes } = sweep.config.speed;
  return batchSizes.flatMap((batchSize) => exits.map((exit) => ({ model: name, exit, batchSize })));
}

async function measureModel(
  sweep: Sweep,
  model: FolderModel,
  settings: readonly Setting[],
  advance: () => void,
): Promise<void> {
  const { steps } = sweep.config.speed;
  // A prompt that leaves no room for the timed steps is cut: its text plays no part in the speed.
  const room = model.manifest.architecture.contextLength - WARM_UP_STEPS - steps;
  const promptIds = model.tokenizer.encode(alpacaPrompt(sweep.instructions[0]!)).slice(0, room);
  const timed = settings.map(({ exit, batchSize }) => ({ exit, batchSize, steps }));
  let done = 0;
  for await (const speed of runJob(
    'speed',
    { folder: model.folder, promptIds, settings: timed },
    sweep.signal,
  )) {
    const { exit, batchSize } = settings[done++]!;
    saveSpeed(sweep.store, sweep.run, [{ model: model.name, exit, batchSize, ...speed }]);
    advance();
  }
}
