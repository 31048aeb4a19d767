/**
 * Prints how far our logits are from PyTorch's at every exit: the largest absolute difference over the positions and
 * ids that a golden file holds.
 *
 *     npx tsx scripts/parity.ts                                the variants of the tests
 *     npx tsx scripts/parity.ts <checkpoint> <golden.json>     any checkpoint; the file is scripts/train/golden.py's
 *     npx tsx scripts/parity.ts <adapter> <golden.json> <base> a LoRA adapter; scripts/train/adapter_sample.py makes one
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SegmentedModel } from '../src/engine/session/segmented-model.ts';
import { importCheckpoint } from '../src/model/folder/import-checkpoint.ts';
import { greedyIds, logitDistances, readGolden } from '../test/support/golden.ts';
import { VARIANT_NAMES, writeVariant } from '../test/support/variants.ts';

const [checkpoint, golden, base] = process.argv.slice(2);
const root = mkdtempSync(join(tmpdir(), 'sorted-eval-parity-'));
try {
  if (checkpoint && golden) await compare(checkpoint, golden);
  else {
    for (const name of VARIANT_NAMES) {
      await compare(writeVariant(root, name), `test/golden/variants/${name}.json`);
    }
  }
} finally {
  rmSync(root, { recursive: true });
}

async function compare(folder: string, goldenPath: string): Promise<void> {
  const model = join(root, 'model');
  importCheckpoint(folder, model, { replace: true, base });
  const network = await SegmentedModel.open(model);
  const cases = readGolden(goldenPath);
  const ids = await greedyIds(network, cases);
  const answers = cases.flatMap(({ exits }, index) =>
    Object.keys(exits).map((exit) => String(ids[index]![exit]) === String(exits[exit])),
  );
  const distances = [...(await logitDistances(network, cases))];
  const equal = `${answers.filter(Boolean).length} of ${answers.length} answers equal`;
  const logits = distances.map(([exit, distance]) => `exit ${exit}: ${distance.toExponential(1)}`);
  console.log(`${folder.replace(`${root}/`, '')}: ${equal}; max |Δ logit| at ${logits.join(', ')}`);
  await network.close();
}
