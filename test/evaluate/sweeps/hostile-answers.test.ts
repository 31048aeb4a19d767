import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openTokenizer } from '../../../src/model/tokenizer/tokenizer.ts';
import { runMain } from '../../cli/run.ts';
import { completion, startServer } from '../../support/faulty-server.ts';
import { HOSTILE_ANSWERS } from '../../support/hostile-answers.ts';
import { writeRandomCheckpoint } from '../../support/random-checkpoint.ts';
import { writeSafetensors } from '../../support/safetensors-file.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { EOS } from '../../support/tokenizer-files.ts';
import { dumpOf, writeInstructions, writeSweep } from '../trio.ts';

const folder = tempFolder();

beforeAll(() => {
  writeInstructions(folder, HOSTILE_ANSWERS.length);
  const write = (file: string, texts: readonly string[]) =>
    writeFileSync(join(folder, file), JSON.stringify(texts));
  write(
    'hostile.json',
    HOSTILE_ANSWERS.map(([, text]) => text),
  );
  write(
    'plain.json',
    HOSTILE_ANSWERS.map(() => 'four'),
  );
  writeDeafJudge(join(folder, 'judge'));
});

/** A judge whose layers add nothing: it says `2` after a line break, and ends after a `2`, whatever it was told before. */
function writeDeafJudge(path: string): void {
  const { weights, architecture } = writeRandomCheckpoint(path, { layers: 1, contextLength: 640 });
  for (const [name, { values }] of weights) if (/o_proj|down_proj/.test(name)) values.fill(0);
  const head = weights.get('lm_head.weight')!.values.fill(0);
  const embeddings = weights.get('model.embed_tokens.weight')!.values;
  const width = architecture.hiddenSize;
  const follow = (token: number, next: number) =>
    head.set(
      embeddings.slice(token * width, (token + 1) * width).map((value) => 8 * value),
      next * width,
    );
  const [lineBreak, two] = ['\n', '2'].map((text) => openTokenizer(path).encode(text).at(-1)!);
  follow(lineBreak!, two!);
  follow(two!, EOS);
  writeSafetensors(join(path, 'model.safetensors'), [...weights.values()], 'F32');
}

/** Every hostile answer against a plain one, in both orders, before a judge that always says 2. */
async function judgedBy(name: string, judge: object) {
  const path = writeSweep(
    folder,
    {
      name,
      models: { hostile: { answers: { 1: 'hostile.json' } }, plain: { answers: { 1: 'plain.json' } } },
      comparisons: [{ a: 'hostile', b: 'plain' }],
      judge,
      kl: undefined,
      output: name,
    },
    `${name}.yaml`,
  );
  mkdirSync(join(folder, name), { recursive: true });
  const { code, stdout, stderr } = await runMain(['sweep', path]);
  expect({ code }, stderr).toEqual({ code: 0 });
  const dump = dumpOf(join(folder, name));
  return { stdout, texts: dump['judgement']!.map(({ raw_text }) => raw_text), pairs: dump['judged_pair']! };
}

describe('answers that try to set their verdict', () => {
  it.each(['beams', 'greedy', 'verdict-only'])(
    'get that of a judge in this process, with %s',
    async (decoding) => {
      const { stdout, texts, pairs } = await judgedBy(decoding, { path: 'judge', decoding, maxNewTokens: 8 });
      expect(pairs).toHaveLength(2 * HOSTILE_ANSWERS.length);
      expect(texts.every((text) => text === '2')).toBe(true);
      expect(stdout).toMatch(/^ {2}hostile in slot 1 +0 +8 +0 +0$/m);
      expect(stdout).toMatch(/^ {2}plain in slot 1 +8 +0 +0 +0$/m);
      expect(stdout).toContain('responses cut for the judge: 2 of 16 verdicts');
    },
  );

  it.each(['completions', 'chat'])('get that of a server’s judge, through %s', async (api) => {
    const content = '2\n\n### Reason: the other one';
    const server = await startServer(() => {
      return api === 'chat' ? { body: { choices: [{ message: { content } }] } } : completion(content);
    });
    const endpoint = { baseUrl: server.baseUrl, api };
    const { stdout, texts } = await judgedBy(api, { endpoint, model: 'judge', maxPromptCharacters: 2000 });
    expect(texts.every((text) => text === content)).toBe(true);
    expect(stdout).toMatch(/^ {2}hostile in slot 1 +0 +8 +0 +0$/m);
    expect(stdout).toMatch(/^ {2}plain in slot 1 +8 +0 +0 +0$/m);
    expect(stdout).toContain('responses cut for the judge: 2 of 16 verdicts');
  });
});
