import { join } from 'node:path';
import { z } from 'zod';
import { readModelJson } from '../checkpoint/model-json.ts';
import { isThere } from '../checkpoint/regular-file.ts';
import type { Frame, TextTokenizer } from './text-tokenizer.ts';

/** What is decided where the files of a checkpoint differ in the token that prompts begin with. */
interface FirstToken {
  /** In the place of the tokenizer's; missing where that one stays. */
  readonly id?: number;
  /** For people to read. */
  readonly note: string;
}

const idSchema = z.looseObject({ bos_token_id: z.unknown().optional() });
const manifestSchema = z.looseObject({ bosTokenId: z.int().nonnegative().optional() });

/**
 * The first token of a checkpoint's prompts. Tokenizer files went through many hands: PandaLM's name `</s>` although
 * the model was trained with `<s>`. So `bos_token_id` of config.json holds, unless it is no token that begins a text, or
 * generation_config.json sides with the tokenizer.
 * @returns `undefined` where there is no such token, or nothing to decide
 * @throws InputError for files that cannot be read
 */
export function decideFirstToken(folder: string, tokenizer: TextTokenizer): FirstToken | undefined {
  const place = placeOfFirst(tokenizer);
  if (place === undefined) return undefined;
  const own = tokenizer.frame.before[place]!;
  const wanted = beginOf(folder, 'config.json');
  if (wanted === undefined || wanted === own) return undefined;
  const name = (id: number) => `${tokenizer.tokenOf(id) ?? 'no token'} (${id})`;
  const stays = (why: string) => ({
    note: `prompts begin with ${name(own)}, not with bos_token_id ${wanted} of config.json, ${why}`,
  });
  if (wanted === tokenizer.unknownId || tokenizer.tokenOf(wanted) === undefined)
    return stays(`which is ${name(wanted)}`);
  if (beginOf(folder, 'generation_config.json') === own)
    return stays('since generation_config.json has it too');
  const note = `prompts begin with ${name(wanted)}, the bos_token_id of config.json, not with ${name(own)} of the tokenizer’s files`;
  return { id: wanted, note };
}

/** The frame of a folder's prompts: a model folder holds what was decided when it was imported. */
export function frameIn(folder: string, tokenizer: TextTokenizer): Frame {
  const manifest = join(folder, 'model.json');
  const id = isThere(manifest)
    ? readModelJson(manifest, manifestSchema, { fix: 'Import the checkpoint again.' }).bosTokenId
    : decideFirstToken(folder, tokenizer)?.id;
  const place = placeOfFirst(tokenizer);
  const { before, after } = tokenizer.frame;
  if (id === undefined || place === undefined) return tokenizer.frame;
  return { before: before.with(place, id), after };
}

/** Where in the frame the token lies that begins a text. */
function placeOfFirst({ frame: { before }, bosId }: TextTokenizer): number | undefined {
  if (before.length === 1) return 0;
  const place = bosId === undefined ? -1 : before.indexOf(bosId);
  return place === -1 ? undefined : place;
}

function beginOf(folder: string, file: string): number | undefined {
  const path = join(folder, file);
  if (!isThere(path)) return undefined;
  const { bos_token_id: id } = readModelJson(path, idSchema, { fix: `Repair ${file}.` });
  return Number.isInteger(id) ? (id as number) : undefined;
}
