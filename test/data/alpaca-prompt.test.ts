import { describe, expect, it } from 'vitest';
import { alpacaPrompt } from '../../src/data/alpaca-prompt.ts';

describe('alpacaPrompt', () => {
  it("is Alpaca's template, byte for byte, with an input", () => {
    expect(alpacaPrompt({ instruction: 'Add.', input: ' 1\n2 ' })).toBe(
      'Below is an instruction that describes a task, paired with an input that provides further context. Write a response that appropriately completes the request.\n\n### Instruction:\nAdd.\n\n### Input:\n 1\n2 \n\n### Response:\n',
    );
  });

  it("is Alpaca's template, byte for byte, without an input", () => {
    expect(alpacaPrompt({ instruction: 'Sing.', input: '' })).toBe(
      'Below is an instruction that describes a task. Write a response that appropriately completes the request.\n\n### Instruction:\nSing.\n\n### Response:\n',
    );
  });

  it('inserts texts as they are, replacement patterns too', () => {
    expect(alpacaPrompt({ instruction: "$& {input} $'", input: '{instruction}' })).toContain(
      "\n$& {input} $'\n\n### Input:\n{instruction}\n",
    );
  });
});
