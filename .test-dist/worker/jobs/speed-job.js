import { measureDecodeSpeed } from '../../engine/greedy/decode-speed.js';
import { SegmentedModel } from '../../engine/session/segmented-model.js';
/** The speed at each setting, in their order. */
export async function* speedJob({ folder, promptIds, settings }, signal) {
    const model = await SegmentedModel.open(folder);
    try {
        for (const { exit, ...rest } of settings) {
            signal.throwIfAborted();
            yield await measureDecodeSpeed(model, promptIds, exit, rest);
        }
    }
    finally {
        await model.close();
    }
}
