import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openTokenizer } from '../../../src/model/tokenizer/tokenizer.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const golden = (name: string) => fileURLToPath(new URL(`../../golden/tokenizers/${name}`, import.meta.url));
const form = (text: string) => ({ text, isTyped: false });
const typed = (text: string) => ({ text, isTyped: true });
const root = tempFolder();

function sentencePieceFolder(): string {
  const folder = join(root, 'sentencepiece');
  mkdirSync(folder);
  const model = gunzipSync(readFileSync(golden('sentencepiece-llama/tokenizer.model.gz')));
  writeFileSync(join(folder, 'tokenizer.model'), model);
  return folder;
}

function jsonFolder(): string {
  const folder = join(root, 'json');
  mkdirSync(folder);
  for (const name of ['tokenizer.json', 'tokenizer_config.json'])
    copyFileSync(golden(`llama2-style/${name}`), join(folder, name));
  return folder;
}

describe.each([
  ['tokenizer.json', jsonFolder()],
  ['tokenizer.model', sentencePieceFolder()],
])('the pieces of a form with %s', (_, folder) => {
  const { encode, encodePieces, specialAt } = openTokenizer(folder);
  const [bos] = encode('');

  it('begin with the tokenizer’s first token, once', () => {
    expect(encodePieces([form('Hello.')], true)).toEqual(encode('Hello.'));
    expect(encodePieces([form('<s>'), typed('Hello.')], true)).toEqual(encode('Hello.'));
    expect(encodePieces([form('<s>'), typed('Hello.')], false)).toEqual(encode('Hello.'));
  });

  it('begin as the form does where the tokenizer adds nothing', () => {
    expect(encodePieces([form('Hello.')], false)).toEqual(encode('Hello.').slice(1));
  });

  it('hold tokens where the form writes them, and text where an instruction does', () => {
    const end = specialAt(' \n</s>')!;
    expect(encodePieces([form('<s>'), typed('</s><s>'), form('</s>')], false)).toEqual([
      ...encode('</s><s>'),
      end,
    ]);
    expect(encodePieces([typed('</'), form('s>')], true)).toEqual(encode('</s>'));
    expect(encode('</s><s>').filter((id) => id === bos || id === end)).toEqual([bos]);
  });

  it('are one text across their borders', () => {
    expect(encodePieces([form('Say hel'), typed('lo wor'), form('ld.')], true)).toEqual(
      encode('Say hello world.'),
    );
  });

  it('know no special token in ordinary text', () => {
    expect(specialAt('Hello </s>')).toBeUndefined();
  });
});
