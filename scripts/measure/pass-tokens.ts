/**
 * Speed of a prefill by the number of tokens in one run through the layers: what `MAX_PASS_TOKENS` was chosen
 * by.
 *
 *     npx tsx scripts/measure/pass-tokens.ts <model folder>
 */

import { prefill } from '../../src/engine/forced/prefill.ts';
import { SegmentedModel } from '../../src/engine/session/segmented-model.ts';

const SEQUENCE_TOKENS = 64;
const SIZES = [64, 128, 256, 512, 1024, 2048];
const REPEATS = 25;

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('usage: pass-tokens.ts <model folder>');
const model = await SegmentedModel.open(folder);
const segments = model.manifest.exits.length;
const ids = Array.from(
  { length: SEQUENCE_TOKENS },
  (_, index) => index % model.manifest.architecture.vocabSize,
);

/** Seconds of the fastest repeat. */
const best = new Map<number, number>();
for (let repeat = 0; repeat < REPEATS; repeat++) {
  // In turn, so that all sizes see the same machine.
  for (const tokens of SIZES) {
    const sequences = Array.from({ length: tokens / SEQUENCE_TOKENS }, () => ids);
    const startedAt = performance.now();
    await prefill(model, sequences, { segments, from: SEQUENCE_TOKENS - 1 });
    const seconds = (performance.now() - startedAt) / 1000;
    best.set(tokens, Math.min(best.get(tokens) ?? Number.POSITIVE_INFINITY, seconds));
  }
}
await model.close();
for (const [tokens, seconds] of best)
  console.log(`${tokens} tokens a run: ${Math.round(tokens / seconds)} tokens/s`);
