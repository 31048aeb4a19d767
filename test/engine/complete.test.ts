import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type PromptParts, promptText } from '../../src/data/prompt-parts.ts';
import { type CompletionSettings, openCompleter } from '../../src/engine/complete.ts';
import { importCheckpoint } from '../../src/model/folder/import-checkpoint.ts';
import { openTokenizer } from '../../src/model/tokenizer/tokenizer.ts';
import { inputErrorOf } from '../support/failure.ts';
import { writeRandomCheckpoint } from '../support/random-checkpoint.ts';
import { importRandomModel, type RandomModel } from '../support/random-model.ts';
import { referenceGreedy } from '../support/reference-llama.ts';
import { writeSafetensors } from '../support/safetensors-file.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = tempFolder();
const OPTIONS = { layers: 3, contextLength: 200, exits: [1, 3] };
const PROMPT = 'Complete this.';
const GREEDY: CompletionSettings = { decoding: { strategy: 'greedy' }, maxNewTokens: 8, batchSize: 4 };
let model: RandomModel;

beforeAll(() => {
  model = importRandomModel(root, 'model', OPTIONS);
});

async function complete(
  text: string,
  settings: Partial<CompletionSettings> = {},
  folder = model.modelFolder,
  parts?: PromptParts,
) {
  const completer = await openCompleter(folder, { ...GREEDY, ...settings });
  try {
    for await (const completion of completer.complete([{ tag: 'only', text, parts }])) return completion;
    throw new Error('every prompt is completed');
  } finally {
    await completer.close();
  }
}

/** A model folder that writes a line break where the model would have written its token number `index`. */
function writeLineBreakAt(index: number): string {
  const name = `breaks-${index}`;
  const { folder, architecture, weights } = writeRandomCheckpoint(join(root, `${name}-checkpoint`), OPTIONS);
  const tokenizer = openTokenizer(folder);
  const { values, shape } = weights.get('lm_head.weight')!;
  const width = shape[1]!;
  const lineBreak = tokenizer.encode('\n').at(-1)!;
  const chosen = referenceGreedy(architecture, weights, tokenizer.encode(PROMPT), 3, index + 1)[index]!;
  const row = values.slice(chosen * width, (chosen + 1) * width);
  values.set(
    row.map((weight) => weight * 1.25),
    lineBreak * width,
  );
  writeSafetensors(join(folder, 'model.safetensors'), [...weights.values()], 'F32');
  importCheckpoint(folder, join(root, name), { exits: OPTIONS.exits });
  return join(root, name);
}

describe('a model folder completes a prompt', () => {
  it('with what its full depth decodes greedily, and nothing of the prompt', async () => {
    const tokenizer = openTokenizer(model.modelFolder);
    const ids = tokenizer.encode(PROMPT);
    const expected = referenceGreedy(model.architecture, model.weights, ids, 3, 8);
    expect(await complete(PROMPT)).toMatchObject({
      tag: 'only',
      text: tokenizer.decode(expected),
      stopReason: 'token-limit',
      promptTokens: ids.length,
      generatedTokens: 8,
    });
  });

  it('with its shortenable parts truncated where the whole is too long for the context', async () => {
    const parts: PromptParts = {
      fixed: ['First: ', ' Second: ', ' Which?'],
      shortenable: ['a'.repeat(300), 'b'],
    };
    const long = await complete(promptText(parts), {}, model.modelFolder, parts);
    expect(long.promptTokens).toBeLessThanOrEqual(OPTIONS.contextLength - 8);
    expect(long.promptTokens).toBeGreaterThan(OPTIONS.contextLength - 8 - 10);
    expect(long.truncatedTokens).toBeGreaterThan(100);
    const short = { ...parts, shortenable: ['a', 'b'] } as const;
    expect(await complete(promptText(short), {}, model.modelFolder, short)).not.toHaveProperty(
      'truncatedTokens',
    );
  });

  it('as none where the prompt leaves no room for a token', async () => {
    const found = await complete('too long '.repeat(400));
    expect(found).toMatchObject({ state: 'prompt_too_long', text: null, generatedTokens: 0 });
    expect(await complete(PROMPT)).toMatchObject({ state: 'answered' });
  });

  it('with its first line alone where it is to stop there', async () => {
    const broken = writeLineBreakAt(2);
    const decoding = { strategy: 'greedy', stopAfterFirstLine: true } as const;
    const whole = await complete(PROMPT, {}, broken);
    const line = await complete(PROMPT, { decoding }, broken);
    expect(line).toMatchObject({ stopReason: 'stop-text', generatedTokens: 3 });
    expect(line.text).toMatch(/^[^\n]+\n$/);
    expect(whole.generatedTokens).toBe(8);
    expect(whole.text!.startsWith(line.text!)).toBe(true);
  });

  it('without taking a line break before any text for the end of the first line', async () => {
    const decoding = { strategy: 'greedy', stopAfterFirstLine: true } as const;
    const { text, generatedTokens } = await complete(PROMPT, { decoding }, writeLineBreakAt(0));
    expect(text!.startsWith('\n')).toBe(true);
    expect(generatedTokens).toBeGreaterThan(1);
  });
});

it('a folder that does not exist is refused', async () => {
  const error = await inputErrorOf(() => openCompleter(`${root}/nobody`, GREEDY));
  expect(error.code).toBe('not-found');
});
