import { prefill } from '../engine/forced/prefill.ts';
import { FullDepthModel } from '../engine/session/full-depth-model.ts';
import { SegmentedModel } from '../engine/session/segmented-model.ts';
import { headOfExit } from '../model/folder/manifest.ts';
import type { CheckRecord } from '../store/tables/score-table.ts';
import { check } from './check-result.ts';

/** Any token will do. */
const TOKEN = 0;

/** Opens all graphs of a model folder and runs one token through every exit. */
export async function exitChecks(folder: string): Promise<CheckRecord[]> {
  let network: SegmentedModel | undefined;
  const opened = await check('graphs', async () => {
    network = await SegmentedModel.open(folder);
    if (network.manifest.beams) await (await FullDepthModel.open(folder)).close();
    return 'ONNX Runtime opens all of them';
  });
  if (!network) return [opened];
  const records = [opened];
  for (const exit of network.manifest.exits) {
    records.push(await check(`exit ${exit}`, () => firstToken(network!, exit)));
  }
  await network.close();
  return records;
}

async function firstToken(network: SegmentedModel, exit: number): Promise<string> {
  const { manifest } = network;
  const segments = manifest.exits.indexOf(exit) + 1;
  const { hidden } = await prefill(network, [[TOKEN]], { segments, from: 0 });
  const [next] = await network.nextTokens(headOfExit(manifest, exit, 'exit').file, hidden.at(-1)!);
  return `finite logits, token ${next} follows token ${TOKEN}`;
}
