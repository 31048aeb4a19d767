import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formedPrompt } from '../../src/data/prompts/prompt-form.ts';
import { openTokenizer } from '../../src/model/tokenizer/tokenizer.ts';
import {
  formSettings,
  keyInForm,
  type PromptConfig,
  promptSetting,
} from '../../src/sources/prompt-setting.ts';
import { inputErrorOf } from '../support/failure.ts';
import { writeRandomCheckpoint } from '../support/random-checkpoint.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = tempFolder();
const { folder } = writeRandomCheckpoint(join(root, 'chat'), { layers: 1, exits: [1] });
const CHAT =
  '{{ bos_token }}{% for m in messages %}[{{ m.role }}]{{ m.content | trim }}{% endfor %}{% if add_generation_prompt %}[assistant]{% endif %}';
writeFileSync(join(folder, 'chat_template.jinja'), CHAT);
const file = join(root, 'form.txt');
writeFileSync(file, '<{system}> {instruction}');
const local = { folder, tokenizer: openTokenizer(folder) };

const plain = { id: '1', instruction: 'Sky?', input: '' };
const brief = { id: '2', instruction: 'Sky?', input: '', system: 'Be brief.' };
const long = { id: '3', instruction: 'Sky?', input: '', system: 'Be long.' };
const all = [plain, brief, long];

const settingOf = (config: PromptConfig, instructions: readonly (typeof plain)[] = all) =>
  promptSetting(config, { where: 'models.m', instructions, local });

describe('the system text of an instruction stands in the prompt', () => {
  it.each<[string, PromptConfig]>([
    ['vicuna', { prompt: 'vicuna' }],
    ['vicuna with a text for the others', { prompt: 'vicuna', system: 'Be kind.' }],
    ['chat', { prompt: 'chat' }],
    ['chat with a text for the others', { prompt: 'chat', system: 'Be kind.' }],
    ['a template file', { prompt: file, system: 'Be kind.' }],
  ])('of %s, as if it were the model’s, and in no other', (_, config) => {
    const { form } = settingOf(config);
    for (const asked of all) {
      const { system = config.system, ...without } = asked as typeof brief;
      const alone = settingOf({ ...config, system }, [without]).form;
      expect(formedPrompt(form, asked)).toEqual(formedPrompt(alone, without));
    }
    expect(new Set(all.map((asked) => formedPrompt(form, asked).text)).size).toBe(3);
  });

  it('and leaves the model’s keys as they are', () => {
    const [some, none] = [settingOf({ prompt: 'chat' }).form, settingOf({ prompt: 'chat' }, [plain]).form];
    expect(formSettings(some)).toEqual(formSettings(none));
    expect(keyInForm('key', some)).toBe(keyInForm('key', none));
  });

  it.each<[string, PromptConfig, 'chat' | undefined]>([
    ['the form alpaca, which has none; instruction 2 has a system text', { prompt: 'alpaca' }, undefined],
    ['a server’s own template; instruction 2 has a system text', { prompt: 'chat' }, 'chat'],
  ])('but not where there is no place for it: %s', async (found, config, api) => {
    const context = { where: 'models.m', instructions: all, ...(api && { api }) };
    const error = await inputErrorOf(() => promptSetting(config, context));
    expect(error).toMatchObject({ code: 'bad-config', where: 'models.m.prompt', found });
  });
});
