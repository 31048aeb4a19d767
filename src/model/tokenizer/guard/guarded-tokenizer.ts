/** A tokenizer whose foreign parts run in the guard's process; the vocabulary and the merging stay here. */
import { InputError } from '../../../core/errors.ts';
import { MAX_CALL_SECONDS } from '../../../core/runtime/guard.ts';
import type { TokenizerJson } from '../tokenizer-json.ts';
import { createLibraryTokenizer, type LibraryTokenizer } from '../tokenizer-library.ts';
import type { ForeignParts, OpenedParts, Piece } from './foreign-parts.ts';
import { callGuard, type GuardCall } from './guard-calls.ts';
import { isStock } from './stock-parts.ts';

type TextTokenizer = Pick<LibraryTokenizer, 'encode' | 'decode' | 'id_to_token'>;

/**
 * The library's tokenizer: as it is where all parts are stock, else guarded. A guarded one also throws when a text takes too long.
 * @param path of tokenizer.json, for errors
 * @throws Error if the library does not support a part, or the parts do not fit together; InputError `bad-checkpoint`
 */
export function openLibraryTokenizer(json: TokenizerJson, path: string): TextTokenizer {
  return isStock(json) ? createLibraryTokenizer(json) : guarded(json, path);
}

function guarded({ normalizer, pre_tokenizer, decoder, ...json }: TokenizerJson, path: string) {
  const parts = { normalizer, pre_tokenizer, decoder, added_tokens: json.added_tokens };
  const { normalizedAdded, split, join } = openInGuard(parts, path);
  const library = createLibraryTokenizer({ ...json, normalizer: null, pre_tokenizer: null, decoder: null });
  for (const [id, form] of normalizedAdded) library.model.vocab[id] = form;
  const added = new Map(normalizedAdded.map(([id, form]) => [form, id]));
  const { tokens_to_ids, unk_token_id } = library.model;
  const idOf = (token: string) => added.get(token) ?? tokens_to_ids.get(token) ?? unk_token_id!;
  const idsOf = (piece: Piece) =>
    typeof piece === 'number' ? [piece] : library.model(piece).map((token) => idOf(token));
  return {
    encode: (text: string) => ({ ids: split(text).flatMap(idsOf) }),
    decode: (ids: number[]) => join(ids.map((id) => library.id_to_token(id)!)),
    id_to_token: (id: number) => library.id_to_token(id),
  };
}

let count = 0;

/** {@link OpenedParts} in the guard's process. */
function openInGuard(parts: ForeignParts, path: string): OpenedParts {
  const tokenizer = count++;
  const open: GuardCall = { name: 'open', tokenizer, input: parts };
  const call = <Value>(name: GuardCall['name'], input: unknown) =>
    orRefused(path, () => callGuard({ name, tokenizer, input }, open) as Value);
  return {
    normalizedAdded: call('open', parts),
    split: (text) => call('split', text),
    join: (tokens) => call('join', tokens),
  };
}

function orRefused<Value>(where: string, work: () => Value): Value {
  try {
    return work();
  } catch (cause) {
    const expected = `a tokenizer of a supported kind that reads a text within ${MAX_CALL_SECONDS} s`;
    const fix =
      'Save the tokenizer again (tokenizer.save_pretrained), or use the one that the model was published with.';
    const found = (cause as Error).message;
    throw new InputError({ code: 'bad-checkpoint', where, expected, found, fix, cause });
  }
}
