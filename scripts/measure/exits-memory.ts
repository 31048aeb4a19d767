/**
 * Measures how much memory all exits of a model take at once, beside the full model alone, eight cut-off
 * models and the model with a head for each exit (heads of zeros; their bytes are the same).
 *
 *     npx tsx scripts/measure/exits-memory.ts <checkpoint> [precision]
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { openCheckpoint } from '../../src/model/checkpoint/checkpoint.ts';
import { expectedTensors, trainedExitHeads } from '../../src/model/checkpoint/tensor-names.ts';
import { describeModel } from '../../src/model/folder/describe.ts';
import { importCheckpoint } from '../../src/model/folder/import-checkpoint.ts';
import { subModelSizes } from '../../src/model/folder/sizes/sub-model-sizes.ts';
import type { Precision } from '../../src/model/quantise/precision.ts';
import { writeSparseFile } from '../../test/support/sparse-checkpoint.ts';
import { runMeasured } from './measured-process.ts';

const [source, precision = 'fp32'] = process.argv.slice(2) as [string, Precision];
const checkpoint = resolve(source);
const { architecture, exits } = openCheckpoint(checkpoint);
// Beside the checkpoint, so that its weights can be linked.
const root = mkdtempSync(`${checkpoint}-memory-`);
try {
  const nothing = await residentMB(undefined);
  const alone = (await residentMB(fold('full', checkpoint, [architecture.layers]))) - nothing;
  const all = (await residentMB(fold('all', checkpoint, exits))) - nothing;
  const headed = (await residentMB(fold('heads', earlyExit(), exits))) - nothing;
  const ratio = (value: number) => `${Math.round(value)} MB, ${(value / alone).toFixed(3)} ×`;
  const sizes = subModelSizes(describeModel(join(root, 'all')));
  const cutOff = sizes.reduce((sum, { bytes }) => sum + bytes, 0) / sizes.at(-1)!.bytes;
  const layers = exits.reduce((sum, exit) => sum + exit, 0) / architecture.layers;
  console.log(
    `Node and ONNX Runtime without a model: ${Math.round(nothing)} MB; above that, at ${precision}:`,
  );
  console.log(`full model alone, measured: ${ratio(alone)}`);
  console.log(`all ${exits.length} exits at once, measured: ${ratio(all)}`);
  console.log(`with a head of its own for each exit, measured: ${ratio(headed)}`);
  console.log(
    `${exits.length} models cut off at the exits, computed: ${cutOff.toFixed(2)} × (layers alone ${layers.toFixed(2)} ×)`,
  );
} finally {
  rmSync(root, { recursive: true });
}

function fold(name: string, from: string, at: readonly number[]): string {
  const out = join(root, name);
  importCheckpoint(from, out, { exits: at, precision });
  return out;
}

/** The same network with exit heads; its layers stay where they are. */
function earlyExit(): string {
  const folder = join(root, 'early-exit');
  mkdirSync(folder);
  for (const name of ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'generation_config.json'])
    cpSync(join(checkpoint, name), join(folder, name));
  const base = join(root, 'base');
  symlinkSync(checkpoint, base);
  writeFileSync(
    join(folder, 'exits.json'),
    JSON.stringify({ kind: 'early-exit', exits, base: relative(folder, base) }),
  );
  const heads = [
    ...expectedTensors(architecture, trainedExitHeads('early-exit', exits, architecture.layers)),
  ].filter(([name]) => name.startsWith('exit_heads.'));
  writeSparseFile(join(folder, 'exit_heads.safetensors'), heads);
  return folder;
}

/** Resident memory of a process that opened a folder and ran a token through every exit. */
async function residentMB(folder: string | undefined): Promise<number> {
  const { stdout } = await runMeasured('scripts/measure/open-model.ts', folder ? [folder] : []);
  return Number(stdout) / 1e6;
}
