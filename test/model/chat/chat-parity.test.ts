import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { formedPrompt } from '../../../src/data/prompts/prompt-form.ts';
import { chatForm, requireSameText } from '../../../src/model/chat/chat-form.ts';
import { readChatTemplate } from '../../../src/model/chat/chat-template.ts';
import { encodePrompt, openTokenizer } from '../../../src/model/tokenizer/tokenizer.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { tempFolder } from '../../support/temp-folder.ts';

type Asked = readonly [instruction: string, input: string];
type Case = { readonly text: string; readonly ids: number[] } | { readonly refused: string };

interface Model {
  readonly template: string;
  readonly base: string;
  readonly tokens: Readonly<Record<string, string>>;
  readonly added: Readonly<Record<string, number>>;
  readonly cases: readonly (readonly Case[])[];
  readonly typed: readonly (number[] | null)[];
}

interface Golden {
  readonly instructions: readonly Asked[];
  readonly typed: readonly Asked[];
  readonly systems: readonly (string | null)[];
  readonly models: Readonly<Record<string, Model>>;
}

const path = (name: string) => new URL(`../../golden/${name}`, import.meta.url);
const golden: Golden = JSON.parse(gunzipSync(readFileSync(path('chat.json.gz'))).toString());
const root = tempFolder();
/** Special tokens of the small tokenizers, unknown ones aside. */
const SPECIAL_IDS: Record<string, number[]> = {
  'llama2-style': [1, 2],
  'llama2-metaspace': [1, 2],
  'llama3-style': [900, 901, 902, 903],
  'smollm2-style': [1, 2],
};

/** The model's tokenizer files, as a checkpoint has them. */
function writeModel(name: string, { base, tokens, added, template }: Model): string {
  const folder = join(root, name);
  mkdirSync(folder);
  const json = JSON.parse(readFileSync(path(`tokenizers/${base}/tokenizer.json`), 'utf8'));
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  for (const [content, id] of Object.entries(added)) json.added_tokens.push({ id, content, ...flags });
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(json));
  const config = { tokenizer_class: 'PreTrainedTokenizerFast', ...tokens, chat_template: template };
  writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify(config));
  return folder;
}

const record = ([instruction, input]: Asked) => ({ id: 'i', instruction, input });

describe.each(Object.entries(golden.models))('the chat template of %s', (name, model) => {
  const folder = writeModel(name, model);
  const template = readChatTemplate(folder);
  const tokenizer = openTokenizer(folder);

  it.each(golden.systems.map((system, place) => ({ system: system ?? undefined, place })))(
    'gives the prompts and ids of apply_chat_template, system text $system',
    async ({ system, place }) => {
      const cases = model.cases[place]!;
      if ('refused' in cases[0]!) {
        const error = await inputErrorOf(() => chatForm(template, system));
        expect(error.found).toContain(cases[0].refused);
        return;
      }
      const written = cases as readonly { text: string; ids: number[] }[];
      // A template that leaves the system text out is refused here.
      if (system !== undefined && !written[0]!.text.includes(system)) {
        const error = await inputErrorOf(() => chatForm(template, system));
        expect(error).toMatchObject({ code: 'bad-config', found: 'one that leaves it out' });
        return;
      }
      const form = chatForm(template, system);
      for (const [index, asked] of golden.instructions.entries()) {
        const prompt = formedPrompt(form, record(asked));
        expect(prompt.text).toBe(written[index]!.text);
        expect(encodePrompt(tokenizer, prompt)).toEqual(written[index]!.ids);
        requireSameText(template, form, { instruction: record(asked), system });
      }
    },
  );

  it('leaves special tokens that an instruction spells as text', () => {
    const form = chatForm(template, undefined);
    for (const [index, asked] of golden.typed.entries()) {
      const ids = encodePrompt(tokenizer, formedPrompt(form, record(asked)));
      const expected = model.typed[index];
      if (expected) expect(ids).toEqual(expected);
      const harmless = encodePrompt(tokenizer, formedPrompt(form, record(['Add.', ''])));
      const special = new Set([...Object.values(model.added), ...SPECIAL_IDS[model.base]!]);
      const specialOf = (all: readonly number[]) => all.filter((id) => special.has(id));
      expect(specialOf(ids)).toEqual(specialOf(harmless));
    }
  });
});
