import { alpacaPrompt } from '../../data/alpaca-prompt.js';
import { WARM_UP_STEPS } from '../../engine/greedy/decode-speed.js';
import { isFolderModel } from '../../sources/sweep-models.js';
import { readSpeed, saveSpeed } from '../../store/tables/speed-table.js';
import { runJob } from '../../worker/run-job.js';
import { runStage } from '../stage.js';
/**
 * Times decoding at every exit of every model that runs in this process, once a run: a second run of the same sweep draws
 * the same figure.
 */
export async function speedStage(context, job = runJob) {
    const { store, run, instructions, config } = context;
    const { batchSizes, steps } = config.speed;
    const models = [...context.models.values()].filter(isFolderModel);
    const stage = {
        label: 'speed',
        items: models.flatMap(({ name, exits }) => batchSizes.flatMap((batchSize) => exits.map((exit) => ({ model: name, exit, batchSize })))),
        keysOf: (setting) => [keyOf(setting)],
        known: () => new Set(readSpeed(store, run).map(keyOf)),
        async *compute(open, signal) {
            for (const { name, folder, tokenizer, manifest } of models) {
                const settings = open.filter(({ model }) => model === name).map((setting) => ({ ...setting, steps }));
                if (settings.length === 0)
                    continue;
                // A prompt that leaves no room for the timed steps is truncated: its text plays no part in the speed.
                const room = manifest.architecture.contextLength - WARM_UP_STEPS - steps;
                const promptIds = tokenizer.encode(alpacaPrompt(instructions[0])).slice(0, room);
                let done = 0;
                for await (const speed of job('speed', { folder, promptIds, settings }, signal)) {
                    yield [{ ...settings[done++], ...speed }];
                }
            }
        },
        save: (measured) => saveSpeed(store, run, measured),
    };
    if (models.length > 0)
        await runStage(stage, context);
}
const keyOf = ({ model, exit, batchSize }) => `${model} ${exit} ${batchSize}`;
