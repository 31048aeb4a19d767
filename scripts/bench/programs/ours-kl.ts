/** KL of all exits from the last, beside one pass and the heads alone on the same tokens. */

import { readHead } from '../../../src/engine/forced/head-in-memory.ts';
import { KlMeter } from '../../../src/engine/forced/kl-meter.ts';
import { teacherForce } from '../../../src/engine/forced/teacher-force.ts';
import { SegmentedModel } from '../../../src/engine/session/segmented-model.ts';
import { headOfExit } from '../../../src/model/folder/manifest.ts';
import type { KlJob, KlResult } from '../types.ts';
import { serve, timed } from './serve.ts';

await serve(async (job: KlJob): Promise<KlResult> => {
  const network = await SegmentedModel.open(job.model);
  const { manifest } = network;
  const { layers } = manifest.architecture;
  const reference = readHead(job.model, manifest, layers);
  const meter = await KlMeter.open(reference, [reference]);
  /** Of every exit, at the last positions of a prompt. */
  const states = async (prompt: readonly number[]) => {
    const split = prompt.length - job.positions;
    const continuation = { context: prompt.slice(0, split), continuation: prompt.slice(split) };
    const [byExit] = await teacherForce(network, [continuation], { exits: manifest.exits });
    return [...byExit!.values()];
  };
  const kl = async (prompt: readonly number[]) => {
    const hidden = await states(prompt);
    await meter.measure(hidden.at(-1)!, [hidden]);
  };
  const passAndHeads = async (prompt: readonly number[]) => {
    const hidden = await states(prompt);
    for (const [index, exit] of manifest.exits.entries()) {
      await network.nextTokens(headOfExit(manifest, exit, 'exit').file, hidden[index]!);
    }
  };
  await kl(job.prompts[0]!);
  await passAndHeads(job.prompts[0]!);
  let [klSeconds, baselineSeconds] = [0, 0];
  // In turn, so that both see the same machine.
  for (const prompt of job.prompts) {
    baselineSeconds += (await timed(() => passAndHeads(prompt))).seconds;
    klSeconds += (await timed(() => kl(prompt))).seconds;
  }
  await meter.close();
  await network.close();
  return { klSeconds, baselineSeconds };
});
