/**
 * Writes tiny random checkpoints of every kind of network that can be imported, for scripts/train/variants.py:
 *
 *     npx tsx scripts/variants.ts /tmp/variants
 *
 * The tests write the same ones for themselves.
 */
import { VARIANT_NAMES, writeVariant } from '../test/support/variants.ts';

const [out] = process.argv.slice(2);
if (!out) throw new Error('usage: variants.ts <folder>');

for (const name of VARIANT_NAMES) writeVariant(out, name);
