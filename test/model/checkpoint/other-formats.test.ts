import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openForImport } from '../../../src/model/adapter/open-adapted.ts';
import { openCheckpoint } from '../../../src/model/checkpoint/checkpoint.ts';
import { ADAPTERS } from '../../support/adapters.ts';
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

describe('a single file', () => {
  it.each([
    ['model.safetensors', 'found a file. Give the folder that the file lies in.'],
    ['llama-2-7b.Q4_0.gguf', 'found a GGUF file. Give the checkpoint that it was made of, or serve it'],
  ])('%s is refused as a checkpoint, an adapter and the base of one', async (name, said) => {
    write(name);
    const file = join(folder, name);
    const adapter = join(ADAPTERS, 'linear');
    for (const [source, base] of [[file], [file, folder], [adapter, file]] as const) {
      const { message, where } = await inputErrorOf(() => openForImport(source, { base }));
      expect(where).toBe(file);
      expect(message).toContain(said);
    }
  });
});

describe('a pointer of Git LFS', () => {
  it.each(['model.safetensors', 'pytorch_model.bin', 'config.json', 'generation_config.json'])(
    'in the place of %s is refused by name',
    async (name) => {
      writeRandomCheckpoint(folder);
      if (name.endsWith('.bin')) rmSync(join(folder, 'model.safetensors'));
      writeFileSync(
        join(folder, name),
        'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n',
      );
      const { message } = await failure();
      expect(message).toContain(`${join(folder, name)}: expected`);
      expect(message).toContain('found a pointer of Git LFS, not the file itself. Run git lfs pull');
    },
  );
});

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
