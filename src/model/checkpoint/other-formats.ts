import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../core/errors.ts';

/**
 * Refuses a folder of LoRA weights as a checkpoint: alone they are not a network, and beside one they may or may not
 * be merged into it.
 * @throws InputError `unsupported-model`
 */
export function refuseAdapter(folder: string): void {
  const path = join(folder, 'adapter_config.json');
  if (!existsSync(path)) return;
  throw new InputError({
    code: 'unsupported-model',
    where: path,
    expected: 'a checkpoint of whole weights',
    found: 'an adapter (LoRA)',
    fix: 'Give the checkpoint that it was trained on as well: --base of import, or `base` in the sweep file. If these weights are merged, remove this file.',
  });
}

/**
 * Refuses nothing, or a single file, where the folder of a checkpoint or an adapter is wanted.
 * @throws InputError `not-found`, `bad-checkpoint`, `unsupported-model` for GGUF
 */
export function requireFolder(source: string): void {
  if (!existsSync(source)) throw noFolder(source);
  if (!statSync(source).isFile()) return;
  const isGguf = /\.gguf$/i.test(source);
  throw new InputError({
    code: isGguf ? 'unsupported-model' : 'bad-checkpoint',
    where: source,
    expected: 'the folder of a Hugging Face checkpoint or adapter',
    found: isGguf ? 'a GGUF file' : 'a file',
    fix: isGguf
      ? 'Give the checkpoint that it was made of, or serve it with llama.cpp as an `endpoint`.'
      : 'Give the folder that the file lies in.',
  });
}

function noFolder(where: string): InputError {
  return new InputError({
    code: 'not-found',
    where,
    expected: 'the folder of a Hugging Face checkpoint or adapter',
    found: 'no such folder',
    fix: 'Check the path. Nothing is downloaded: hf download <owner>/<name> puts a repository into the cache.',
  });
}

const META = /^consolidated\.\d+\.pth$/;

/**
 * Refuses a folder of LLaMA's weights as Meta ships them, or of Mistral's own format: other names, another order
 * of rotary pairs and no config.json. Beside a Hugging Face checkpoint such files are not read.
 * @throws InputError `unsupported-model`
 */
export function refuseOriginalFormat(folder: string): void {
  if (existsSync(join(folder, 'config.json')) || !existsSync(join(folder, 'params.json'))) return;
  const shards = readdirSync(folder).filter((name) => META.test(name));
  const [found, fix] = shards.length > 0 ? metaFormat(folder, shards) : MISTRAL_FORMAT;
  const expected = 'a Hugging Face checkpoint: config.json, tokenizer and weights';
  throw new InputError({
    code: 'unsupported-model',
    where: join(folder, 'params.json'),
    expected,
    found,
    fix,
  });
}

/** Later releases of transformers do not have the script (4.46.3 was tried). */
function metaFormat(folder: string, shards: readonly string[]): readonly [found: string, fix: string] {
  const options = `--input_dir ${folder} --output_dir <folder> --num_shards ${shards.length} --llama_version 2`;
  return [
    `LLaMA as Meta ships it (${[...shards].sort()[0]})`,
    'Download the same model with -hf in its name, or convert it: pip install transformers==4.46.3, then ' +
      `python -m transformers.models.llama.convert_llama_weights_to_hf ${options} (1, 3, 3.1 or 3.2 for the others).`,
  ];
}

const MISTRAL_FORMAT = [
  'Mistral’s own format (params.json)',
  'Download config.json, the tokenizer and model*.safetensors of the same repository.',
] as const;
