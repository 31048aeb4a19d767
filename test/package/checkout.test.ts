import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../support/temp-folder.ts';
import { REPOSITORY } from './packed.ts';

interface LockedPackage {
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
}

const json = (name: string) => JSON.parse(readFileSync(join(REPOSITORY, name), 'utf8'));

describe('npm ci', () => {
  const { packages } = json('package-lock.json') as { packages: Record<string, LockedPackage> };

  it('runs no script that fetches CUDA: if this fails, remove hasInstallScript of onnxruntime-node from the lock', () => {
    // npm 10 runs the install scripts that the lock mentions; npm 11 those that allowScripts does not deny.
    expect(packages['node_modules/better-sqlite3']!.hasInstallScript).toBe(true);
    expect(packages['node_modules/onnxruntime-node']!.hasInstallScript).toBeUndefined();
    expect(json('package.json').allowScripts['onnxruntime-node']).toBe(false);
  });

  it('fetches from the npm registry only', () => {
    const addresses = Object.values(packages).flatMap(({ resolved }) => resolved ?? []);
    expect(addresses.filter((url) => !url.startsWith('https://registry.npmjs.org/'))).toEqual([]);
  });
});

describe('npm run check', () => {
  it("leaves a user's own files in the checkout alone", () => {
    const checkout = tempFolder();
    mkdirSync(join(checkout, 'src'));
    for (const name of ['biome.json', '.gitignore'])
      copyFileSync(join(REPOSITORY, name), join(checkout, name));
    writeFileSync(join(checkout, 'src', 'ours.ts'), 'export const one = 1;\n');
    for (const name of ['cells.json', 'notes.ts']) writeFileSync(join(checkout, name), '{"a":1,   "b":[1]}');
    const biome = join(REPOSITORY, 'node_modules', '.bin', 'biome');
    const { stdout, stderr } = spawnSync(biome, ['ci', '--colors=off', '.'], {
      cwd: checkout,
      encoding: 'utf8',
    });
    expect(`${stdout}${stderr}`).toContain('Checked 2 files');
    expect(`${stdout}${stderr}`).toContain('No fixes applied');
  });
});
