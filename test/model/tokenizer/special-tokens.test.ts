import { describe, expect, it } from 'vitest';
import { frameOf, specialTokens } from '../../../src/model/tokenizer/special-tokens.ts';
import { tokenizerConfig, tokenizerJson } from '../../../src/model/tokenizer/tokenizer-json.ts';

const BOS = { SpecialToken: { id: '<s>', type_id: 0 } };
const EOS = { SpecialToken: { id: '</s>', type_id: 0 } };
const TEXT = { Sequence: { id: 'A', type_id: 0 } };
const template = (single: object[]) => ({
  type: 'TemplateProcessing',
  single,
  special_tokens: { '<s>': { id: '<s>', ids: [1] }, '</s>': { id: '</s>', ids: [2] } },
});
const withBos = template([BOS, TEXT]);
const BYTE_LEVEL = { type: 'ByteLevel', trim_offsets: false };

function open(json: object, config: object) {
  const added_tokens = ['<unk>', '<s>', '</s>'].map((content, id) => ({ content, id, special: true }));
  const vocab = { '<unk>': 0, '<s>': 1, '</s>': 2, a: 3, '<pad>': 4 };
  const model = { type: 'BPE', vocab, merges: [] };
  const parts = tokenizerJson.parse({ added_tokens, model, ...json });
  const settings = tokenizerConfig.parse({ bos_token: '<s>', eos_token: '</s>', ...config });
  const special = specialTokens(parts, settings);
  return { special, frame: frameOf(parts, settings, special) };
}

describe('frameOf, without a word from the config', () => {
  it.each([
    ['no post-processor', null, [], []],
    ['a template with <s>', withBos, [1], []],
    ['a template with <s> and </s>', template([BOS, TEXT, EOS]), [1], [2]],
    ['byte level and template', { type: 'Sequence', processors: [BYTE_LEVEL, withBos] }, [1], []],
    ['two templates', { type: 'Sequence', processors: [withBos, template([EOS, TEXT])] }, [2, 1], []],
    ['byte level alone', BYTE_LEVEL, [], []],
  ])('%s', (_, post_processor, before, after) => {
    expect(open({ post_processor }, { tokenizer_class: 'LlamaTokenizer' }).frame).toEqual({ before, after });
  });
});

describe('frameOf, as the config of a LLaMA tokenizer says', () => {
  it.each([
    [{ add_bos_token: false, add_eos_token: false }, [], []],
    [{ add_bos_token: true, add_eos_token: true }, [1], [2]],
    [{ add_eos_token: true }, [1], [2]],
    [{ add_bos_token: false }, [], []],
    [{ add_bos_token: true, bos_token: null }, [], []],
    [{ add_bos_token: null, add_eos_token: null }, [1], []],
    [{ add_bos_token: true, bos_token: { __type: 'AddedToken', content: '<s>' } }, [1], []],
  ])('%j', (config, before, after) => {
    for (const tokenizer_class of ['LlamaTokenizer', 'LlamaTokenizerFast', 'CodeLlamaTokenizer'])
      expect(open({ post_processor: withBos }, { tokenizer_class, ...config }).frame).toEqual({
        before,
        after,
      });
  });

  it('and of no other, as in transformers', () => {
    for (const tokenizer_class of ['PreTrainedTokenizerFast', 'GPT2Tokenizer', null])
      expect(
        open({ post_processor: withBos }, { tokenizer_class, add_bos_token: false }).frame.before,
      ).toEqual([1]);
  });
});

describe('specialTokens', () => {
  it('are those of tokenizer.json and those that the config names', () => {
    const { special } = open(
      {
        added_tokens: [
          { content: '<s>', id: 1, special: true },
          { content: '[PAD]', id: 7 },
          { content: 'w', id: 8 },
        ],
      },
      { pad_token: '[PAD]', unk_token: '<unk>', additional_special_tokens: ['<pad>', '<none>'] },
    );
    expect(Object.fromEntries(special)).toEqual({ '<s>': 1, '[PAD]': 7, '</s>': 2, '<unk>': 0, '<pad>': 4 });
  });
});
