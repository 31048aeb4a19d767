import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chatForm, endOfTurn, requireSameText } from '../../../src/model/chat/chat-form.ts';
import { readChatTemplate } from '../../../src/model/chat/chat-template.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const root = tempFolder();
let folders = 0;

function folderWith(files: Record<string, unknown>): string {
  const folder = join(root, `${folders++}`);
  mkdirSync(folder);
  for (const [name, value] of Object.entries(files))
    writeFileSync(join(folder, name), typeof value === 'string' ? value : JSON.stringify(value));
  return folder;
}

const template = (source: string) => ({
  path: 'tokenizer_config.json',
  source,
  tokens: { eos_token: '</s>' },
});
const formOf = (source: string, system?: string) => chatForm(template(source), system);
const instruction = { id: 'i1', instruction: 'Add 2 and 2.', input: '' };
const LAST = 'messages[-1].content';

describe('the chat template of a folder', () => {
  it('is chat_template.jinja before that of tokenizer_config.json', () => {
    const config = { chat_template: 'config', bos_token: { content: '<s>' }, eos_token: null };
    const both = folderWith({ 'tokenizer_config.json': config, 'chat_template.jinja': 'own file' });
    expect(readChatTemplate(both)).toEqual({
      path: join(both, 'chat_template.jinja'),
      source: 'own file',
      tokens: { bos_token: '<s>' },
    });
    expect(readChatTemplate(folderWith({ 'tokenizer_config.json': config })).source).toBe('config');
  });

  it('is the default one of several', () => {
    const several = [
      { name: 'tool_use', template: 'tools' },
      { name: 'default', template: 'plain' },
    ];
    const folder = folderWith({ 'tokenizer_config.json': { chat_template: several } });
    expect(readChatTemplate(folder).source).toBe('plain');
  });

  it.each([
    ['none', {}, 'none'],
    ['several without a default', { chat_template: [{ name: 'a', template: 'b' }] }, 'several templates'],
    ['a number', { chat_template: 3 }, 'a template, or a list of {name, template}'],
  ])('is refused with %s', async (_, config, found) => {
    const error = await inputErrorOf(() => readChatTemplate(folderWith({ 'tokenizer_config.json': config })));
    expect(error.code).toBe('bad-checkpoint');
    expect(error.message).toContain(found);
  });
});

describe('the form of a chat template', () => {
  it.each([
    [`<{{ ${LAST} | trim }}>`, 'both'],
    [`<{{ ${LAST}.lstrip() }}>`, 'start'],
    [`<{{ ${LAST}.rstrip() }}>`, 'end'],
    [`<{{ ${LAST} }}>`, undefined],
  ])('%s strips: %s', (source, strip) => {
    expect(formOf(source).parts).toEqual(['<', { slot: 'question', ...(strip && { strip }) }, '>']);
  });

  it.each([
    ['leaves the instruction out', 'Hello!', 'no instruction'],
    ['writes it twice', `{{ ${LAST} }}{{ ${LAST} }}`, 'it more than once'],
    ['is no Jinja', '{% for', ''],
    ['raises', "{{ raise_exception('Not today') }}", 'Not today'],
    [
      'counts for hours',
      '{% for i in range(1000000000) %}{% endfor %}',
      'range() of more than 10000 numbers',
    ],
    ['wants the date', "{{ strftime_now('%Y') }}{{ messages[0].content }}", ''],
  ])('is refused where the template %s', async (_, source, found) => {
    const error = await inputErrorOf(() => formOf(source));
    expect(error.code).toBe('bad-checkpoint');
    expect(error.found).toContain(found);
  });

  it('is refused with a system text that the template leaves out', async () => {
    const error = await inputErrorOf(() => formOf(`{{ ${LAST} }}`, 'Be brief.'));
    expect(error).toMatchObject({ code: 'bad-config', found: 'one that leaves it out' });
  });

  it('is refused where the template changes the text of an instruction', async () => {
    const source = template(`{{ ${LAST} | replace('2', 'two') }}`);
    const form = chatForm(source, undefined);
    const error = await inputErrorOf(() => requireSameText(source, form, { instruction, system: undefined }));
    expect(error.found).toBe('another text than that of instruction i1');
  });
});

describe('the end of a turn', () => {
  const ANSWERED =
    "{% for m in messages %}{% if m.role == 'assistant' %}{{ m.content + eos_token }}{% endif %}{% endfor %}";

  it('is what the template writes after an assistant’s text', () => {
    expect(endOfTurn(template(ANSWERED))).toBe('</s>');
  });

  it('is not known of a template that refuses such a conversation, or leaves the text out', () => {
    expect(endOfTurn(template("{{ raise_exception('no') }}"))).toBeUndefined();
    expect(endOfTurn(template('nothing'))).toBeUndefined();
  });
});
