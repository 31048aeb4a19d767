import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EXIT } from '../../../src/cli/terminal.ts';
import { intoHubCache } from '../../support/hub-cache.ts';
import { writeRandomCheckpoint } from '../../support/random-checkpoint.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { refusalOf, runMain } from '../run.ts';

const root = tempFolder();
const hub = join(root, 'hub');

beforeAll(() => {
  vi.stubEnv('HF_HUB_CACHE', hub);
  intoHubCache(writeRandomCheckpoint(join(root, 'checkpoint'), { exits: [2, 4] }).folder, hub, 'owner/name');
});
afterAll(() => void vi.unstubAllEnvs());

describe('a repository of Hugging Face’s cache', () => {
  it.each([
    ['import', [join(root, 'imported')]],
    ['info', []],
    ['doctor', []],
    ['extract', [join(root, 'extracted'), '--exit', '2']],
  ])('is known to %s by its name and by its folder', async (command, [out, ...options]) => {
    for (const [index, name] of ['owner/name', join(hub, 'models--owner--name')].entries()) {
      const place = out === undefined ? [] : [`${out}-${index}`];
      const { code, stderr } = await runMain([command, name, ...place, ...options]);
      expect({ code, stderr }).toEqual({ code: EXIT.done, stderr: '' });
      for (const folder of place) expect(existsSync(folder)).toBe(true);
    }
  });

  it.each(['import', 'extract'])('that is not there is refused by %s with its download', async (command) => {
    const options = command === 'extract' ? ['--exit', '2'] : [];
    const line = refusalOf(await runMain([command, 'owner/other', join(root, 'none'), ...options]));
    expect(line).toContain('owner/other: expected the folder');
    expect(line).toContain('hf download');
    expect(existsSync(join(root, 'none'))).toBe(false);
  });
});
