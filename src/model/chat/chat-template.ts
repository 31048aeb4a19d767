import { join } from 'node:path';
import { z } from 'zod';
import { InputError } from '../../core/errors.ts';
import { readText } from '../../data/json-file.ts';
import { readModelJson } from '../checkpoint/model-json.ts';
import { isThere, regularFileBytes } from '../checkpoint/regular-file.ts';

/** Beside tokenizer_config.json, as transformers 5 writes it. */
export const CHAT_TEMPLATE = 'chat_template.jinja';
const TOKENIZER_CONFIG = 'tokenizer_config.json';

/** tokenizer_config.json of some models names thousands of added tokens. */
const MAX_BYTES = 50_000_000;
const MAX_TEMPLATE_BYTES = 1_000_000;
const FIX = 'Download the tokenizer’s files again.';

/** A chat template in Jinja, and the tokens that it may name: `bos_token`, `eos_token`, … */
export interface ChatTemplate {
  /** Where it stands, for errors. */
  readonly path: string;
  readonly source: string;
  readonly tokens: Readonly<Record<string, string>>;
}

const token = z.union([
  z.string(),
  z.looseObject({ content: z.string() }).transform(({ content }) => content),
]);
const named = z.array(z.looseObject({ name: z.string(), template: z.string() }));
const TOKEN_NAMES = ['bos', 'eos', 'unk', 'sep', 'pad', 'cls', 'mask'].map((name) => `${name}_token`);
const configSchema = z.looseObject({
  chat_template: z
    .union([z.string(), named], { error: 'a template, or a list of {name, template}' })
    .nullish(),
  ...Object.fromEntries(TOKEN_NAMES.map((name) => [name, token.nullish()])),
});
type Config = z.output<typeof configSchema>;

/**
 * The chat template of a checkpoint or model folder, as transformers chooses it: chat_template.jinja, else `chat_template`
 * of tokenizer_config.json; of several, the one named `default`.
 * @throws InputError `bad-checkpoint` where there is none
 */
export function readChatTemplate(folder: string): ChatTemplate {
  const path = join(folder, TOKENIZER_CONFIG);
  const config: Config = isThere(path)
    ? readModelJson(path, configSchema, { fix: FIX, maxBytes: MAX_BYTES })
    : {};
  const tokens = Object.fromEntries(
    TOKEN_NAMES.flatMap((name) => (typeof config[name] === 'string' ? [[name, config[name]]] : [])),
  );
  const ownFile = join(folder, CHAT_TEMPLATE);
  if (isThere(ownFile)) return { path: ownFile, source: readTemplate(ownFile), tokens };
  return { path, source: templateOf(config, path), tokens };
}

function readTemplate(path: string): string {
  const bytes = regularFileBytes(path, 'a template', FIX);
  return requireShort(bytes <= MAX_TEMPLATE_BYTES ? readText(path, FIX) : '', bytes, path);
}

function requireShort(template: string, bytes: number, path: string): string {
  if (bytes <= MAX_TEMPLATE_BYTES) return template;
  const expected = `a template of at most ${MAX_TEMPLATE_BYTES} bytes`;
  throw new InputError({ code: 'bad-checkpoint', where: path, expected, found: `${bytes} bytes`, fix: FIX });
}

function templateOf({ chat_template: given }: Config, path: string): string {
  const template = Array.isArray(given) ? given.find(({ name }) => name === 'default')?.template : given;
  if (typeof template === 'string') return requireShort(template, Buffer.byteLength(template), path);
  throw new InputError({
    code: 'bad-checkpoint',
    where: path,
    expected: `a \`chat_template\`, or ${CHAT_TEMPLATE} beside it`,
    found: Array.isArray(given) ? 'several templates, none named `default`' : 'none',
    fix: 'Name another form: alpaca, vicuna, or a template file. A model folder may have to be imported again.',
  });
}
