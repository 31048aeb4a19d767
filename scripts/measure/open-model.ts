/**
 * Part of exits-memory.ts: opens a model folder, runs a token through every exit and prints its resident
 * memory in bytes.
 */

import { prefill } from '../../src/engine/forced/prefill.ts';
import { SegmentedModel } from '../../src/engine/session/segmented-model.ts';
import { runtimeVersion } from '../../src/engine/session/session.ts';
import { headOfExit } from '../../src/model/folder/manifest.ts';

const [folder] = process.argv.slice(2);
await runtimeVersion();
if (folder) {
  const network = await SegmentedModel.open(folder);
  const { exits } = network.manifest;
  const { hidden } = await prefill(network, [[0]], { segments: exits.length, from: 0 });
  for (const [index, exit] of exits.entries())
    await network.nextTokens(headOfExit(network.manifest, exit, folder).file, hidden[index]!);
}
console.log(process.memoryUsage.rss());
// Without closing the sessions, so that nothing is freed before it was counted.
process.exit(0);
