/**
 * Writes the results file of a made-up run, to try the results page on: four models at 12 exits, three comparisons, 2,000
 * instructions, verdicts in both orders. Nothing is computed by a model; the same arguments make the same rows.
 *
 *     npx tsx scripts/measure/wide-run.ts /tmp/wide [instructions] [exits] [comparisons]
 */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '../../src/store/database.ts';
import { writeWideRun } from '../../test/support/wide-run.ts';

const [folder, instructions = '2000', exits = '12', comparisons = '3'] = process.argv.slice(2);
if (folder === undefined) throw new Error('usage: wide-run.ts <folder> [instructions] [exits] [comparisons]');
mkdirSync(folder, { recursive: true });
const path = join(folder, 'results.db');
rmSync(path, { force: true });
const store = openStore(path);
writeWideRun(store, {
  instructions: Number(instructions),
  exits: Number(exits),
  comparisons: Number(comparisons),
});
store.close();
console.log(path);
