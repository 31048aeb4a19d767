import { describe, expect, it } from 'vitest';
import { alpacaPrompt } from '../../../src/data/alpaca-prompt.ts';
import { promptsRead } from '../../../src/store/read/prompts-read.ts';
import { read } from '../../../src/store/read/read.ts';
import { fakeModel, fakeRun, generateFrom, scriptedSource } from '../../evaluate/fake-run.ts';

const form = { name: 'chat', parts: ['<|im_start|>', { slot: 'question', strip: 'both' }, '<|im_end|>'] };
const decoding = (prompt?: object) => () => ({ strategy: 'greedy', ...(prompt && { prompt }) });
const asked = { form, decoding: decoding(form) };

describe('the prompts of an instruction', () => {
  it('are rebuilt as each model read them, in Alpaca’s form or in its own', async () => {
    const models = [
      fakeModel('chat', asked),
      fakeModel('plain'),
      fakeModel('old', { decoding: () => ({ strategy: 'recorded' }) }),
    ];
    const run = fakeRun({ models });
    await generateFrom(
      run,
      scriptedSource(() => 'four'),
    );
    const [first] = run.instructions;
    expect(read(run.store, promptsRead(run.run, first!.id))).toEqual([
      { model: 'chat', prompt: `<|im_start|>${first!.instruction}<|im_end|>` },
      { model: 'plain', prompt: alpacaPrompt(first!) },
    ]);
    expect(read(run.store, promptsRead(run.run, 'elsewhere'))).toEqual([]);
  });
});
