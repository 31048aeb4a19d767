import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importCheckpoint } from '../../../src/model/folder/import-checkpoint.ts';
import { mistral } from '../../../src/model/networks/mistral.ts';
import { qwen2 } from '../../../src/model/networks/qwen2.ts';
import { qwen3 } from '../../../src/model/networks/qwen3.ts';
import { openTokenizer } from '../../../src/model/tokenizer/tokenizer.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { type CheckpointOptions, writeRandomCheckpoint } from '../../support/random-checkpoint.ts';
import { writeSentencePiece } from '../../support/sentencepiece-model.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const root = tempFolder();

interface LookAlike extends CheckpointOptions {
  /** Its tokenizer is tokenizer.model alone. */
  readonly sentencePiece?: boolean;
  /** Further files that lie beside. */
  readonly beside?: readonly string[];
}

const qwen = { use_sliding_window: false, sliding_window: 131_072, max_window_layers: 28 };
const llama3 = { rope_type: 'llama3', low_freq_factor: 1, high_freq_factor: 4 };
const originals = ['consolidated.safetensors', 'params.json', 'tokenizer.model.v3'];

/** The file names and the telling keys of config.json of well-known models, around small random weights. */
const LOOK_ALIKES: readonly [name: string, of: LookAlike, architecture: object, notes: readonly RegExp[]][] =
  [
    ['WeOpenML/PandaLM-7B-v1', { format: 'torch', shards: 2, sentencePiece: true }, {}, []],
    ['openlm-research/open_llama_3b', { format: 'torch', dtype: 'F16', sentencePiece: true }, {}, []],
    ['lmsys/vicuna-7b-v1.5', { format: 'torch', dtype: 'F16', shards: 2, sentencePiece: true }, {}, []],
    [
      'meta-llama/Llama-2-7b-hf',
      { dtype: 'F16', shards: 2, beside: ['pytorch_model.bin.index.json'], config: { pretraining_tp: 1 } },
      {},
      [/^model\.safetensors\.index\.json is read, .*pytorch_model\.bin\.index\.json beside it is not$/],
    ],
    [
      'meta-llama/Llama-3.1-8B',
      {
        dtype: 'BF16',
        shards: 4,
        configStyle: 4,
        config: { rope_scaling: { ...llama3, factor: 8, original_max_position_embeddings: 64 } },
      },
      { ropeScaling: { type: 'llama3' }, tiedHead: false },
      [],
    ],
    [
      'meta-llama/Llama-3.2-1B',
      {
        dtype: 'BF16',
        tiedHead: true,
        configStyle: 4,
        config: { rope_scaling: { ...llama3, factor: 32, original_max_position_embeddings: 64 } },
      },
      { ropeScaling: { factor: 32 }, tiedHead: true },
      [],
    ],
    [
      'mistralai/Mistral-7B-v0.1',
      {
        family: mistral,
        dtype: 'BF16',
        shards: 2,
        contextLength: 32_768,
        config: { sliding_window: 4096 },
        beside: ['pytorch_model.bin.index.json'],
      },
      { attentionWindow: { tokens: 4096, layers: [0, 1, 2, 3] } },
      [/^model\.safetensors\.index\.json is read/],
    ],
    [
      'mistralai/Mistral-7B-v0.3',
      {
        family: mistral,
        dtype: 'BF16',
        shards: 3,
        contextLength: 32_768,
        config: { sliding_window: null },
        beside: originals,
      },
      { attentionWindow: null },
      [],
    ],
    [
      'Qwen/Qwen2-7B',
      { family: qwen2, dtype: 'BF16', shards: 4, config: qwen, beside: ['vocab.json', 'merges.txt'] },
      { attentionWindow: null, biases: { q: true, k: true, v: true, o: false } },
      [],
    ],
    [
      'Qwen/Qwen2.5-0.5B-Instruct',
      { family: qwen2, dtype: 'BF16', tiedHead: true, config: { ...qwen, max_window_layers: 21 } },
      { attentionWindow: null, tiedHead: true },
      [],
    ],
    [
      'Qwen/Qwen2.5-7B-Instruct with the yarn of its model card',
      {
        family: qwen2,
        dtype: 'BF16',
        shards: 4,
        configStyle: 4,
        contextLength: 256,
        config: { ...qwen, rope_scaling: { type: 'yarn', factor: 4, original_max_position_embeddings: 256 } },
      },
      { ropeScaling: { type: 'yarn', originalLength: 256 }, contextLength: 1024 },
      [/^rope scaling stretches the context from 256 to 1024 tokens$/],
    ],
    [
      'Qwen/Qwen3-0.6B',
      {
        family: qwen3,
        dtype: 'BF16',
        tiedHead: true,
        headDim: 16,
        config: { ...qwen, sliding_window: null },
      },
      { headNorms: true, headDim: 16, tiedHead: true },
      [],
    ],
    [
      'Qwen/Qwen3-8B',
      { family: qwen3, dtype: 'BF16', shards: 5, config: { ...qwen, sliding_window: null } },
      {},
      [],
    ],
  ];

describe('a checkpoint with the files and keys of', () => {
  it.each(LOOK_ALIKES)('%s is imported', (name, of, architecture, notes) => {
    const { sentencePiece, beside = [], ...options } = of;
    const folder = join(root, name.replaceAll('/', '-'));
    writeRandomCheckpoint(folder, sentencePiece ? { ...options, config: { bos_token_id: 1 } } : options);
    if (sentencePiece) {
      rmSync(join(folder, 'tokenizer.json'), { force: true });
      writeSentencePiece(folder, {}, {});
    }
    for (const file of beside) writeFileSync(join(folder, file), '{}');
    const manifest = importCheckpoint(folder, `${folder}-model`);
    expect(manifest.architecture).toMatchObject(architecture);
    expect(manifest.notes).toEqual(notes.map((note) => expect.stringMatching(note)));
  });

  it.each<[string, readonly string[], object, RegExp]>([
    ['meta-llama/Llama-2-7b', ['consolidated.00.pth', 'params.json'], {}, /LLaMA as Meta ships it/],
    ['tloen/alpaca-lora-7b', ['adapter_config.json', 'adapter_model.bin'], {}, /found an adapter \(LoRA\)/],
    [
      'TheBloke/Llama-2-7B-GGUF',
      ['llama-2-7b.Q4_K_M.gguf'],
      {},
      /config\.json: expected a JSON file, found no such file/,
    ],
    [
      'google/gemma-2b',
      [],
      { model_type: 'gemma', architectures: ['GemmaForCausalLM'] },
      /It scales its embeddings/,
    ],
    [
      'microsoft/Phi-3-mini-4k-instruct',
      [],
      { model_type: 'phi3', architectures: ['Phi3ForCausalLM'] },
      /in one matrix each/,
    ],
    [
      'Qwen/Qwen3-30B-A3B',
      [],
      { model_type: 'qwen3_moe', architectures: ['Qwen3MoeForCausalLM'] },
      /routes tokens to experts/,
    ],
    [
      'mistralai/Mixtral-8x7B-v0.1',
      [],
      { model_type: 'mixtral', architectures: ['MixtralForCausalLM'] },
      /routes tokens to experts/,
    ],
  ])('%s is refused in one line', async (name, files, config, message) => {
    const folder = join(root, name.replaceAll('/', '-'));
    mkdirSync(folder);
    for (const file of files) writeFileSync(join(folder, file), '{}');
    if ('model_type' in config) writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
    const error = await inputErrorOf(() => importCheckpoint(folder, `${folder}-model`));
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('\n');
  });
});

it('Qwen’s prompts begin without the bos_token_id of config.json, which its tokenizer does not add', () => {
  const files = 'test/golden/tokenizers/qwen2-style';
  const folder = join(root, 'qwen-first-token');
  writeRandomCheckpoint(folder, { family: qwen2, vocabSize: 920, config: { bos_token_id: 900 } });
  cpSync(join(files, 'tokenizer.json'), join(folder, 'tokenizer.json'));
  const config = {
    tokenizer_class: 'Qwen2Tokenizer',
    add_bos_token: false,
    bos_token: null,
    eos_token: '<|im_end|>',
  };
  writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify(config));
  const { notes, bosTokenId } = importCheckpoint(folder, `${folder}-model`);
  expect({ notes, bosTokenId }).toEqual({ notes: [], bosTokenId: undefined });
  // transformers 5.24's Qwen2Tokenizer gives the same.
  expect(openTokenizer(`${folder}-model`).encode('hello')).toEqual([71, 68, 356, 78]);
});
