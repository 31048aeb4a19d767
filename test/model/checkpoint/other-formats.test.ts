import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/model/checkpoint/checkpoint.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { writeRandomCheckpoint } from '../../support/random-checkpoint.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const folder = join(tempFolder(), 'checkpoint');
const failure = () => inputErrorOf(() => openCheckpoint(folder));
const write = (...names: string[]) => {
  mkdirSync(folder, { recursive: true });
  for (const name of names) writeFileSync(join(folder, name), '{}');
};

beforeEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a folder in the format of a model’s makers', () => {
  it('is refused by name if it is LLaMA as Meta ships it, with the command that converts it', async () => {
    write('consolidated.01.pth', 'consolidated.00.pth', 'params.json', 'tokenizer.model', 'checklist.chk');
    const error = await failure();
    expect(error).toMatchObject({ code: 'unsupported-model', where: join(folder, 'params.json') });
    expect(error.message).toContain('found LLaMA as Meta ships it (consolidated.00.pth). ');
    expect(error.message).toContain(
      `python -m transformers.models.llama.convert_llama_weights_to_hf --input_dir ${folder} ` +
        '--output_dir <folder> --num_shards 2 --llama_version 2',
    );
  });

  it('is refused by name if it is Mistral’s', async () => {
    write('consolidated.safetensors', 'params.json', 'tokenizer.model.v3');
    const error = await failure();
    expect(error.message).toContain('found Mistral’s own format (params.json). Download config.json');
  });

  it('is not read where a Hugging Face checkpoint lies beside it', () => {
    writeRandomCheckpoint(folder);
    const { notes } = openCheckpoint(folder);
    write('consolidated.safetensors', 'consolidated.00.pth', 'params.json', 'tokenizer.model.v3');
    expect(openCheckpoint(folder).notes).toEqual(notes);
  });
});
