import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hashFiles } from '../../../src/model/folder/hash-files.ts';
import { importCheckpoint } from '../../../src/model/folder/import-checkpoint.ts';
import { importIfChanged } from '../../../src/model/folder/import-if-changed.ts';
import { readManifest } from '../../../src/model/folder/read-manifest.ts';
import { subModelKey } from '../../../src/model/folder/sub-model-key.ts';
import { openTokenizer } from '../../../src/model/tokenizer/tokenizer.ts';
import { writeRandomCheckpoint } from '../../support/random-checkpoint.ts';
import { importRandomModel } from '../../support/random-model.ts';
import { modelBytes, PIECES, writeSentencePiece } from '../../support/sentencepiece-model.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const root = tempFolder();
let count = 0;
const CONFIG = { config: { bos_token_id: 1, eos_token_id: 2 } };
const FILES = {
  'tokenizer_config.json': { add_bos_token: true },
  'added_tokens.json': { '[PAD]': 261 },
  'special_tokens_map.json': { pad_token: '[PAD]' },
};

/** A checkpoint as PandaLM ships one. */
function checkpoint(files: Readonly<Record<string, unknown>> = FILES, options: object = CONFIG): string {
  const { folder } = writeRandomCheckpoint(join(root, `checkpoint-${count++}`), options);
  writeSentencePiece(folder, {}, files);
  return folder;
}

async function keyOf(source: string): Promise<string> {
  const out = join(root, `model-${count++}`);
  return subModelKey(await hashFiles(out, importCheckpoint(source, out)), 4);
}

describe('a checkpoint with tokenizer.model', () => {
  it('is imported with the files that its tokenizer is made of', () => {
    const source = checkpoint();
    const out = join(root, 'whole');
    const { files, notes, bosTokenId } = importCheckpoint(source, out);
    for (const name of ['tokenizer.model', ...Object.keys(FILES)])
      expect(files[name]?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect([notes, bosTokenId]).toEqual([[], undefined]);
    expect(openTokenizer(out).encode('th')).toEqual([1, PIECES.length - 2]);
  });

  it.each([
    ['tokenizer.model', () => modelBytes({ pieces: [...PIECES.slice(0, -1), ['_', -1, 1]] })],
    ['tokenizer_config.json', () => '{"add_eos_token": true}'],
    ['added_tokens.json', () => '{"[PAD]": 260}'],
    ['special_tokens_map.json', () => '{}'],
  ])('has another key and is imported anew with another %s', async (name, other) => {
    const source = checkpoint();
    const out = join(root, `changing-${count++}`);
    const before = await importIfChanged(source, out);
    expect(await importIfChanged(source, out)).toEqual(before);
    const key = await keyOf(source);
    writeFileSync(join(source, name), other());
    expect((await importIfChanged(source, out)).files[name]).not.toEqual(before.files[name]);
    expect(await keyOf(source)).not.toBe(key);
  });

  it('has another key without a file that it may lack', async () => {
    const keys = [FILES, { ...FILES, 'special_tokens_map.json': {} }, {}];
    const { 'added_tokens.json': _, ...without } = FILES;
    const all = await Promise.all([...keys, without].map((files) => keyOf(checkpoint(files))));
    expect(new Set(all).size).toBe(4);
  });
});

describe('a first token that config.json decides', () => {
  const differing = { ...FILES, 'special_tokens_map.json': { bos_token: '</s>' } };

  it('is kept in the model folder, with a note', () => {
    const out = join(root, 'decided');
    importCheckpoint(checkpoint(differing), out);
    const { bosTokenId, notes } = readManifest(out);
    expect(bosTokenId).toBe(1);
    expect(notes).toEqual([
      expect.stringMatching(/^prompts begin with <s> \(1\), the bos_token_id of config.json/),
    ]);
    expect(openTokenizer(out).encode('')).toEqual([1]);
  });

  it('is part of the key', async () => {
    const two = { config: { ...CONFIG.config, bos_token_id: 2 } };
    expect(await keyOf(checkpoint(differing, two))).not.toBe(await keyOf(checkpoint(differing)));
  });

  it('is none, and no part of the key, where nothing differs', () => {
    const { modelFolder } = importRandomModel(root, 'same');
    expect(JSON.parse(readFileSync(join(modelFolder, 'model.json'), 'utf8'))).not.toHaveProperty(
      'bosTokenId',
    );
  });
});

describe('a checkpoint with tokenizer.json and tokenizer.model', () => {
  it('leaves the second behind and notes that they differ', async () => {
    const { folder } = writeRandomCheckpoint(join(root, 'both'));
    const key = await keyOf(folder);
    writeFileSync(join(folder, 'tokenizer.model'), modelBytes());
    const out = join(root, 'both-model');
    expect(importCheckpoint(folder, out).notes).toEqual([
      expect.stringMatching(/^tokenizer.json holds: tokenizer.model gives other ids on \d+ of \d+ texts/),
    ]);
    expect(existsSync(join(out, 'tokenizer.model'))).toBe(false);
    expect(await keyOf(folder)).toBe(key);
  });
});
