/**
 * Writes tiny random checkpoints of every kind of network that can be imported, for scripts/train/variants.py:
 *
 *     npx tsx scripts/variants.ts /tmp/variants [variant …]
 *
 * The tests write the same ones for themselves. A new variant also gets its record in test/golden/imports, which holds
 * its content keys and its graphs still; a record that is there stays as it is.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordVariant } from '../test/support/import-record.ts';
import { IMPORTABLE_NAMES, VARIANT_NAMES, writeVariant } from '../test/support/variants.ts';

const [out, ...names] = process.argv.slice(2);
if (!out) throw new Error('usage: variants.ts <folder> [variant …]');

for (const name of names.length > 0 ? names : VARIANT_NAMES) writeVariant(out, name);
for (const name of IMPORTABLE_NAMES) await addRecord(`test/golden/imports/${name}.json`, name);

async function addRecord(path: string, name: string): Promise<void> {
  if (existsSync(path)) return;
  const root = mkdtempSync(join(tmpdir(), 'variants-'));
  writeFileSync(path, `${JSON.stringify(await recordVariant(root, name), null, 1)}\n`);
  rmSync(root, { recursive: true });
}
