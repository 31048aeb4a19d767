import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PIECE_TYPES } from '../../../src/model/tokenizer/sentencepiece/model-proto.ts';
import { openTokenizer } from '../../../src/model/tokenizer/tokenizer.ts';
import { decideTokenizer } from '../../../src/model/tokenizer/tokenizer-notes.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { PIECES, type PieceParts, writeSentencePiece } from '../../support/sentencepiece-model.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { writeTokenizer } from '../../support/tokenizer-files.ts';

const root = tempFolder();
let count = 0;
type Files = Readonly<Record<string, unknown>>;

function write(folder: string, files: Files): string {
  for (const [name, value] of Object.entries(files)) writeFileSync(join(folder, name), JSON.stringify(value));
  return folder;
}

/** `<s>` is 0, `</s>` 1, `<pad>` 2. */
function jsonFolder(files: Files): string {
  const folder = join(root, `${count++}`);
  mkdirSync(folder);
  writeTokenizer(folder);
  return write(folder, files);
}

/** `<unk>` is 0, `<s>` 1, `</s>` 2. */
function modelFolder(files: Files): string {
  const folder = join(root, `${count++}`);
  writeSentencePiece(folder);
  return write(folder, files);
}

const firstOf = (folder: string) => openTokenizer(folder).encode('x')[0];
const PANDALM = { 'special_tokens_map.json': { bos_token: '</s>', eos_token: '</s>', unk_token: '</s>' } };

describe('where config.json and the tokenizer’s files differ, prompts begin with', () => {
  it('config.json’s token, as PandaLM’s own pipeline begins them', () => {
    const folder = modelFolder({ ...PANDALM, 'config.json': { bos_token_id: 1 } });
    expect(firstOf(folder)).toBe(1);
    expect(decideTokenizer(folder)).toEqual({
      bosTokenId: 1,
      notes: [
        'prompts begin with <s> (1), the bos_token_id of config.json, not with </s> (2) of the tokenizer’s files',
      ],
    });
  });

  it('config.json’s token in the place of tokenizer.json’s too', () => {
    const folder = jsonFolder({ 'config.json': { bos_token_id: 1 } });
    expect(firstOf(folder)).toBe(1);
    expect(decideTokenizer(folder)).toMatchObject({
      bosTokenId: 1,
      notes: [expect.stringContaining('</s> (1)')],
    });
  });

  it('the tokenizer’s token where generation_config.json has it too', () => {
    const files = { 'config.json': { bos_token_id: 1 }, 'generation_config.json': { bos_token_id: 0 } };
    const folder = jsonFolder(files);
    expect(firstOf(folder)).toBe(0);
    const { bosTokenId, notes } = decideTokenizer(folder);
    expect([bosTokenId, notes]).toEqual([
      undefined,
      [
        'prompts begin with <s> (0), not with bos_token_id 1 of config.json, since generation_config.json has it too',
      ],
    ]);
  });

  it.each([
    ['the unknown token', 0, /not with bos_token_id 0 of config.json, which is <unk> \(0\)/],
    ['no token', 5000, /which is no token \(5000\)/],
    ['no id', -1, /which is no token \(-1\)/],
  ])('the tokenizer’s token where config.json’s is %s', (_, bos_token_id, note) => {
    const folder = modelFolder({ 'config.json': { bos_token_id } });
    expect(firstOf(folder)).toBe(1);
    expect(decideTokenizer(folder).notes.join()).toMatch(note);
  });
});

describe('nothing is decided and nothing noted', () => {
  it.each<[string, () => string]>([
    ['where both agree', () => jsonFolder({ 'config.json': { bos_token_id: 0 } })],
    ['where config.json names no token', () => jsonFolder({ 'config.json': { bos_token_id: null } })],
    ['where there is no config.json', () => modelFolder({})],
    [
      'where the tokenizer puts nothing before a text',
      () =>
        modelFolder({
          'config.json': { bos_token_id: 2 },
          'tokenizer_config.json': { add_bos_token: false },
        }),
    ],
  ])('%s', (_, make) => {
    const folder = make();
    const own = openTokenizer(folder).encode('x');
    expect(decideTokenizer(folder)).toEqual({ notes: [] });
    write(folder, { 'config.json': {} });
    expect(openTokenizer(folder).encode('x')).toEqual(own);
  });
});

describe('of several tokens before a text', () => {
  const template = (names: readonly string[]) => ({
    type: 'TemplateProcessing',
    single: [...names.map((id) => ({ SpecialToken: { id } })), { Sequence: { id: 'A' } }],
    special_tokens: Object.fromEntries(names.map((id) => [id, { id, ids: [id === '<s>' ? 0 : 2] }])),
  });
  const idsOf = (names: readonly string[]) => {
    const folder = jsonFolder({ 'config.json': { bos_token_id: 1 } });
    const json = JSON.parse(readFileSync(join(folder, 'tokenizer.json'), 'utf8'));
    write(folder, { 'tokenizer.json': { ...json, post_processor: template(names) } });
    return openTokenizer(folder).encode('').join();
  };

  it('the one named bos_token is replaced', () => {
    expect(idsOf(['<pad>', '<s>'])).toBe('2,1');
  });

  it('none is where none has that name', () => {
    expect(idsOf(['<pad>', '<pad>'])).toBe('2,2');
  });
});

describe('a model folder', () => {
  it('holds what was decided, whatever else lies there', () => {
    const folder = modelFolder({ ...PANDALM, 'model.json': { bosTokenId: 1 }, 'config.json': {} });
    expect(firstOf(folder)).toBe(1);
    expect(firstOf(write(folder, { 'model.json': {}, 'config.json': { bos_token_id: 1 } }))).toBe(2);
  });

  it('is refused where its first token is no id', async () => {
    const folder = modelFolder({ 'model.json': { bosTokenId: -1 } });
    expect(await inputErrorOf(() => openTokenizer(folder))).toMatchObject({
      where: join(folder, 'model.json: bosTokenId'),
    });
  });
});

describe('where tokenizer.json and tokenizer.model both lie in a checkpoint, a note states', () => {
  const pieces: PieceParts[] = [...PIECES, ['t', -9, PIECE_TYPES.normal], ['h', -9, PIECE_TYPES.normal]];
  const both = (json: unknown) => {
    const folder = join(root, `${count++}`);
    writeSentencePiece(folder, { pieces }, { 'tokenizer.json': json, 'tokenizer_config.json': {} });
    return folder;
  };
  /** The pieces of `modelFolder` as transformers writes them into tokenizer.json. */
  const converted = {
    model: {
      type: 'BPE',
      vocab: Object.fromEntries(pieces.map(([piece], id) => [piece, id])),
      merges: ['t h', '▁ th'],
      unk_token: '<unk>',
      fuse_unk: true,
      byte_fallback: true,
    },
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'Prepend', prepend: '▁' },
        { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
      ],
    },
  };

  it('that they agree', () => {
    expect(decideTokenizer(both(converted)).notes).toEqual([
      expect.stringMatching(/^tokenizer.model gives the ids of tokenizer.json on \d+ texts$/),
    ]);
  });

  it('on how many texts they differ, and one of them', () => {
    const folder = both({ ...converted, normalizer: null });
    expect(decideTokenizer(folder).notes).toEqual([
      expect.stringMatching(
        /^tokenizer.json holds: tokenizer.model gives other ids on \d+ of \d+ texts, such as "Below/,
      ),
    ]);
  });

  it('why tokenizer.model was not compared', () => {
    const folder = both(converted);
    writeFileSync(join(folder, 'tokenizer.model'), 'IQ== 0\nIg== 1\n');
    expect(decideTokenizer(folder).notes).toEqual([
      'tokenizer.json holds; tokenizer.model was not compared: a vocabulary of tiktoken, not of SentencePiece',
    ]);
  });
});
