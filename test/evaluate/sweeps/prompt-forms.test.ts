import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { silentProgress } from '../../../src/core/progress.ts';
import { formedPrompt } from '../../../src/data/prompts/prompt-form.ts';
import { openSweep, type Sweep } from '../../../src/evaluate/open-sweep.ts';
import { runSweep } from '../../../src/evaluate/run-sweep.ts';
import { generateStage } from '../../../src/evaluate/stages/generate-stage.ts';
import { encodePrompt } from '../../../src/model/tokenizer/tokenizer.ts';
import type { FolderModel } from '../../../src/sources/folder-source.ts';
import { readResponses } from '../../../src/store/tables/response-table.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { countingProgress, dumpOf, withSweep, writeSweep, writeTrio } from '../trio.ts';

const folder = tempFolder();
const TEMPLATE =
  "{{ bos_token }}{% for m in messages %}[{{ m.role }}]{{ m.content | trim }}{% if m.role == 'assistant' %}<pad>{% endif %}{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}";
const bare = { comparisons: undefined, kl: undefined, judge: undefined };
const model = (prompt: unknown, more: object = {}) => ({ m: { path: 'chat', prompt, ...more } });
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

beforeAll(() => {
  writeTrio(folder);
  write('form.txt', 'Q {instruction}|{input}</s>A');
  writeChat();
});

/** SFT with a chat template. */
function writeChat(): void {
  cpSync(join(folder, 'sft'), join(folder, 'chat'), { recursive: true });
  write('chat/chat_template.jinja', TEMPLATE);
}

async function generated(path: string) {
  const progress = countingProgress();
  return withSweep(
    path,
    async (sweep: Sweep) => {
      await generateStage(sweep);
      const responses = readResponses(sweep.store, sweep.run, { model: 'm', exit: 4 });
      const m = sweep.models.get('m') as FolderModel;
      const keys = [...m.keys.values()];
      const computed = [...progress.computed.values()].reduce((sum, count) => sum + count, 0);
      return { sweep, m, keys, computed, responses: [...responses.values()] };
    },
    progress,
  );
}

describe('a model that is asked in a form', () => {
  it.each([
    ['vicuna', {}],
    ['vicuna', { system: 'Be brief.' }],
    ['chat', {}],
    ['chat', { system: 'Be brief.' }],
    ['form.txt', {}],
    [{ withInput: 'form.txt', withoutInput: 'without.txt' }, {}],
  ])('reads the tokens of that form, under keys of its own: %j %j', async (prompt, more) => {
    write('without.txt', '{instruction}');
    const output = `form-${JSON.stringify([prompt, more]).replace(/\W+/g, '-')}`;
    const alpaca = await generated(writeSweep(folder, { ...bare, models: model('alpaca'), output }));
    const path = writeSweep(folder, { ...bare, name: 'form', models: model(prompt, more), output });
    const { sweep, m, keys, responses, computed } = await generated(path);
    expect(computed).toBe(18);
    expect(keys.some((key) => alpaca.keys.includes(key))).toBe(false);
    const lengths = sweep.instructions.map(
      (one) => encodePrompt(m.tokenizer, formedPrompt(m.form, one)).length,
    );
    expect(responses.map(({ promptTokens }) => promptTokens)).toEqual(lengths);
    expect((await generated(path)).computed).toBe(0);
  });

  it('has Alpaca’s keys where the form is named', async () => {
    const named = await generated(writeSweep(folder, { ...bare, models: model('alpaca'), output: 'named' }));
    const default_ = await generated(
      writeSweep(folder, { ...bare, models: model(undefined), output: 'named' }),
    );
    expect(default_.keys).toEqual(named.keys);
    expect(default_.computed).toBe(0);
  });

  it('is asked anew when its template file changes, although its name does not', async () => {
    write('changing.txt', 'Q {instruction} {input}');
    const path = writeSweep(folder, { ...bare, models: model('changing.txt'), output: 'changing' });
    await generated(path);
    write('changing.txt', 'Question: {instruction} {input}');
    expect((await generated(path)).computed).toBe(18);
  });

  it('ends at the token with which its chat template ends a turn', async () => {
    const { m } = await generated(writeSweep(folder, { ...bare, models: model('chat'), output: 'ends' }));
    const decoding = m.decoding({ maxNewTokens: 5, batchSize: 8 });
    expect(decoding).toMatchObject({ eosTokenIds: [1, 2], prompt: { name: 'chat' } });
  });

  it('runs a whole sweep beside one that is asked in another', async () => {
    const models = {
      sft: { path: 'sft' },
      soft: { path: 'chat', prompt: 'chat' },
      'early-exit': { path: 'early-exit', prompt: 'vicuna' },
    };
    const path = writeSweep(folder, { models, output: 'whole' });
    await withSweep(path, runSweep);
    const dump = dumpOf(join(folder, 'whole'));
    expect(dump['kl_curve']).toHaveLength(3 * 6);
    expect(dump['judged_pair']).toHaveLength(2 * 9 * 6 * 2);
    const progress = countingProgress();
    await withSweep(path, runSweep, progress);
    expect([...progress.computed.values()].filter((count) => count > 0)).toEqual([]);
  });
});

describe('a form is refused', () => {
  const failure = (models: object) => {
    const path = writeSweep(folder, { ...bare, models, output: 'refused' });
    return inputErrorOf(() => openSweep(path, { progress: silentProgress }));
  };

  it('where the checkpoint has no chat template', async () => {
    const error = await failure({ m: { path: 'sft', prompt: 'chat' } });
    expect(error).toMatchObject({ code: 'bad-checkpoint', found: 'none' });
  });

  it('where a template file lacks a placeholder that an instruction needs', async () => {
    write('no-input.txt', 'Q {instruction}');
    const error = await failure(model('no-input.txt'));
    expect(error.expected).toBe('a template with the placeholder {input}');
    expect(error.found).toContain('has an input');
    const two = await failure(model({ withInput: 'no-input.txt', withoutInput: 'form.txt' }));
    expect(two).toMatchObject({ found: 'none' });
  });

  it('where it has no system text', async () => {
    const error = await failure(model('alpaca', { system: 'Be brief.' }));
    expect(error.found).toBe('the form alpaca, which has none');
  });

  it('with a misspelled name, naming the forms', async () => {
    const error = await failure(model('vicunna'));
    expect(error).toMatchObject({ code: 'not-found' });
    expect(error.fix).toContain('alpaca, vicuna, chat');
  });

  it('for recorded responses', async () => {
    const error = await failure({ m: { answers: 'a.json', prompt: 'vicuna' } });
    expect(error).toMatchObject({ code: 'bad-config' });
    expect(error.message).toContain('prompt');
  });
});
