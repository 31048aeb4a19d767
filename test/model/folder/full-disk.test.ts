import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { hashFiles } from '../../../src/model/folder/hash-files.ts';
import { readManifest } from '../../../src/model/folder/read-manifest.ts';
import { importRandomModel } from '../../support/random-model.ts';
import { tempFolder } from '../../support/temp-folder.ts';

let refusal: string | undefined;
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  return {
    ...fs,
    writeFileSync: (...args: Parameters<typeof fs.writeFileSync>) => {
      if (refusal === undefined) return fs.writeFileSync(...args);
      // Half of it is written.
      fs.writeFileSync(args[0], 'half');
      throw Object.assign(new Error(`${refusal}: no space left`), { code: refusal, syscall: 'write' });
    },
  };
});

describe('hashing weights', () => {
  it.each(['ENOSPC', 'EDQUOT', 'EROFS', 'EMFILE'])(
    'goes on where its result cannot be kept: %s',
    async (code) => {
      const { modelFolder } = importRandomModel(tempFolder(), code, { layers: 2, exits: [1, 2] });
      const files = readdirSync(modelFolder);
      refusal = code;
      const hashed = await hashFiles(modelFolder, readManifest(modelFolder));
      refusal = undefined;
      expect(Object.values(hashed.files).every(({ sha256 }) => sha256 !== null)).toBe(true);
      expect(readdirSync(modelFolder)).toEqual(files);
      const kept = readManifest(join(modelFolder));
      expect(Object.values(kept.files).some(({ sha256 }) => sha256 === null)).toBe(true);
    },
  );
});
