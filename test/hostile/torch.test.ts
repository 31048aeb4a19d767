import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { runMain } from '../cli/run.ts';
import { pickle } from '../support/pickle-file.ts';
import { seededRandom } from '../support/random.ts';
import { writeRandomCheckpoint } from '../support/random-checkpoint.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { archiveParts, torchContent } from '../support/torch-file.ts';
import { importDamaged, named } from './hostile-case.ts';
import * as calls from './pickle-call-cases.ts';
import * as pickles from './pickle-cases.ts';
import * as archives from './zip-cases.ts';

const root = tempFolder();
const shape = { layers: 2, format: 'torch' } as const;
const { folder: intact, weights } = writeRandomCheckpoint(join(root, 'intact'), shape);
const sharded = writeRandomCheckpoint(join(root, 'sharded'), { ...shape, shards: 2 }).folder;
writeRandomCheckpoint(join(root, 'outside'), shape);
const content = torchContent([...weights.values()], 'F32');
const parts = [...archiveParts(pickle(content.state)), ...content.data];
const file = readFileSync(join(intact, 'pytorch_model.bin'));

afterEach(() => {
  for (const name of ['damaged', 'models']) rmSync(join(root, name), { recursive: true, force: true });
});

describe.each([
  ['a pickle that calls', intact, calls.calledNames(content)],
  ['a pickle with', intact, calls.wrongCalls(content)],
  ['a pickle of another kind', intact, pickles.otherOperations(content)],
  ['a pickle with', intact, pickles.wrongTensors(content)],
  ['a pickle of another form', intact, pickles.wrongPickles(content)],
  ['an archive that is', intact, archives.cutArchives(file)],
  ['an archive with', intact, archives.lyingEntries(parts)],
  ['an archive that is', intact, archives.otherArchives(parts)],
  ['an archive with', intact, archives.wrongEnds(file)],
  ['a file that is none', intact, archives.notArchives()],
  ['an index with', sharded, archives.wrongBinShards()],
])(
  'weights in .bin are refused, nothing is run and nothing is left behind: %s',
  (_kind, checkpoint, hostile) => {
    it.each(named(hostile))('%s', async (_name, damage) => {
      await importDamaged(checkpoint, root, damage);
      expect(existsSync('gadget-was-run')).toBe(false);
    });
  },
);

describe('weights in .bin with a flipped bit', () => {
  const random = seededRandom(19);
  const directory = file.lastIndexOf(Buffer.from('504b0102', 'hex'));
  const spots = [
    ...Array.from({ length: 40 }, () => random.below(6000)),
    ...Array.from({ length: 40 }, () => directory - 1500 + random.below(file.length - directory + 1500)),
  ];

  it.each(spots)('are imported or refused in one line: byte %d', async (byte) => {
    const bytes = Buffer.from(file);
    bytes[byte]! ^= 1 << random.below(8);
    writeFileSync(join(intact, 'pytorch_model.bin'), bytes);
    const { code, stderr } = await runMain(['import', intact, join(root, 'models', 'out')]);
    writeFileSync(join(intact, 'pytorch_model.bin'), file);
    expect([0, 2], stderr).toContain(code);
    if (code === 2) expect(stderr).toMatch(/^sorted-eval: [^\n]+\n$/);
  });
});
