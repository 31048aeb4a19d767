import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { writeRandomCheckpoint } from '../support/random-checkpoint.ts';
import { writeSentencePiece } from '../support/sentencepiece-model.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { importDamaged, named } from './hostile-case.ts';
import { wrongTexts } from './text-cases.ts';
import * as cases from './tokenizer-model-cases.ts';

const root = tempFolder();
const config = { bos_token_id: 1, eos_token_id: 2 };
const intact = writeRandomCheckpoint(join(root, 'intact'), { layers: 2, exits: [1, 2], config }).folder;
const FILES = {
  'tokenizer_config.json': { add_bos_token: true },
  'added_tokens.json': { '[PAD]': 261 },
  'special_tokens_map.json': { pad_token: '[PAD]' },
};
writeSentencePiece(intact, {}, FILES);
/** Far less than it takes to be noticed as hanging; a loaded machine needs a part of it for the import itself. */
const MAX_MS = 20_000;

afterEach(() => {
  for (const name of ['damaged', 'models']) rmSync(join(root, name), { recursive: true, force: true });
});

it('an intact tokenizer.model imports', async () => {
  const whole = { name: 'intact', fate: 'whole', change: () => {} } as const;
  expect(await importDamaged(intact, root, whole)).toBe('whole');
});

describe.each([
  ['end', cases.cutModels()],
  ['encoding', cases.bentModels()],
  ['pieces', cases.wrongPieces()],
  ['kind', cases.otherKinds()],
  ['map of characters', cases.wrongCharsmaps()],
  ['file', cases.otherFiles()],
  ['tokens beside it', cases.wrongTokens()],
  ['texts beside it', wrongTexts(Object.keys(FILES))],
])('a checkpoint with tokenizer.model is refused for its %s, given', (_kind, hostile) => {
  it.each(named(hostile))('%s', { timeout: MAX_MS }, async (_name, damage) => {
    await importDamaged(intact, root, damage);
  });
});

describe('a checkpoint with tokenizer.model is refused or imported whole, given', () => {
  it.each(named(cases.flippedModels(40)))('%s', async (_name, damage) => {
    await importDamaged(intact, root, damage);
  });
});
