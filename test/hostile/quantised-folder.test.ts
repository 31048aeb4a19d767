import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Manifest } from '../../src/model/folder/manifest.ts';
import { readManifest } from '../../src/model/folder/read-manifest.ts';
import { inputErrorOf } from '../support/failure.ts';
import { importRandomModel } from '../support/random-model.ts';
import { type Header, safetensorsBytes } from '../support/safetensors-file.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { wrongFiles } from './folder-cases.ts';
import { damagedCopy, editJson, type HostileCase, named, readParts } from './hostile-case.ts';
import { manifestCase } from './manifest-cases.ts';

const root = tempFolder();
const FILE = 'quantised.safetensors';
const options = { layers: 2, exits: [1, 2], precision: 'int4' } as const;
const intact = importRandomModel(root, 'intact', options).modelFolder;
const UP = 'model.layers.1.mlp.up_proj.weight';

afterEach(() => rmSync(join(root, 'damaged'), { recursive: true, force: true }));

function headerCases(): HostileCase[] {
  const changes: Record<string, (header: Header) => void> = {
    'codes that are floats': (header) => {
      const codes = header[`${UP}.codes`]!;
      header[`${UP}.codes`] = { ...codes, dtype: 'F32', shape: [codes.data_offsets[1]! / 4] };
    },
    'codes of another shape': (header) => {
      const { shape } = header[`${UP}.codes`]!;
      header[`${UP}.codes`]!.shape = [shape[1]!, shape[0]!, shape[2]!];
    },
    'codes of more bytes than their shape has': (header) => {
      header[`${UP}.codes`]!.shape = [1, 1, 16];
    },
    'no scales': (header) => rename(header, `${UP}.scales`, 'other'),
    'no zero points': (header) => rename(header, `${UP}.zeros`, 'other'),
    'scales that are bytes': (header) => {
      const { shape } = header[`${UP}.scales`]!;
      header[`${UP}.scales`] = { ...header[`${UP}.scales`]!, dtype: 'U8', shape: [...shape, 4] };
    },
    'parts that no weight has': (header) =>
      rename(header, 'lm_head.weight.codes', 'model.layers.1.extra.codes'),
  };
  return Object.entries(changes).map(([name, change]) => ({
    name,
    change: (folder: string) => changeHeader(folder, change),
  }));
}

/** model.json knows of the new length, so that the header itself has to be looked at. */
function changeHeader(folder: string, change: (header: Header) => void): void {
  const path = join(folder, FILE);
  const { header: text, data } = readParts(path);
  const header = JSON.parse(text) as Header;
  change(header);
  writeFileSync(path, safetensorsBytes(JSON.stringify(header), data));
  editJson(folder, 'model.json', (manifest) => {
    (manifest as unknown as Manifest).files[FILE]!.bytes = statSync(path).size;
    return manifest;
  });
}

function rename(header: Header, from: string, to: string): void {
  header[to] = header[from]!;
  delete header[from];
}

function manifestCases(): HostileCase[] {
  const changes: Record<string, (manifest: Manifest) => void> = {
    'another precision': (manifest) => {
      manifest.precision = 'int8';
    },
    fp32: (manifest) => {
      manifest.precision = 'fp32';
    },
    'scales of the head elsewhere': ({ heads }) => {
      Object.assign(heads[0]!.head, { scalesOffset: 0 });
    },
    'no scales of the head': ({ heads }) => {
      delete (heads[0]!.head as { scalesOffset?: number }).scalesOffset;
    },
    'a head of floats': ({ heads }) => {
      Object.assign(heads[0]!.head, { dtype: 'F32' });
    },
    'a head of 4 bits': ({ heads }) => {
      Object.assign(heads[0]!.head, { dtype: 'int4' });
    },
    'a larger head': ({ heads }) => {
      (heads[0]!.head.shape as number[])[0]! += 1;
    },
  };
  return Object.entries(changes).map(([name, change]) => manifestCase(name, change));
}

it('an intact quantised folder is read', () => {
  expect(readManifest(intact).precision).toBe('int4');
});

describe.each([
  ['weights', wrongFiles([FILE])],
  ['header', headerCases()],
  ['model.json', manifestCases()],
])('a quantised model folder is refused in one line, for its %s:', (_kind, hostile) => {
  it.each(named(hostile))('%s', async (_name, damage) => {
    damagedCopy(intact, root, damage);
    await inputErrorOf(() => readManifest(join(root, 'damaged')));
  });
});
