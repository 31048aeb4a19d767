import { InputError } from '../../core/errors.ts';
import { strip } from '../../core/text/strip.ts';
import type { PromptPiece } from '../../data/prompts/prompt-form.ts';
import { endOfTurn } from '../../model/chat/chat-form.ts';
import type { ChatTemplate } from '../../model/chat/chat-template.ts';
import { type ChatMessage, renderChat } from '../../model/chat/render-chat.ts';
import { badRequest } from '../api-error.ts';
import type { ServedModel } from '../served-models.ts';

/** Stands for the text of a message: no template has it, and no filter changes it. */
const wordOf = (index: number) => `QVESTIOSORTEDEVAL${index}QVESTIO`;

/**
 * Token ids of a conversation whose next turn is the assistant's. Special tokens of the template are tokens; what a message
 * spells is text.
 * @throws ApiError 400 where the model has no template, or one that does not take these messages as they are
 */
export function chatPrompt({ tokenizer, chat }: ServedModel, messages: readonly ChatMessage[]): number[] {
  const template = requireTemplate(chat);
  return tokenizer.encodePieces(piecesOf(template, messages), false);
}

const ends = new WeakMap<ChatTemplate, readonly number[]>();

/** What ends the assistant's turn: the model's own ids, and the token that the template writes there. */
export function endOfTurnIds({ manifest, tokenizer, chat }: ServedModel): readonly number[] {
  const template = requireTemplate(chat);
  const known = ends.get(template);
  if (known) return known;
  const end = endOfTurn(template);
  const id = end === undefined ? undefined : tokenizer.specialAt(end);
  const ids = [...new Set([...manifest.eosTokenIds, ...(id === undefined ? [] : [id])])];
  ends.set(template, ids);
  return ids;
}

function requireTemplate(chat: ServedModel['chat']): ChatTemplate {
  if (!(chat instanceof InputError)) return chat;
  const message = `model: expected one with a chat template, found ${chat.found}; /v1/completions takes any text`;
  throw badRequest(message, 'model', 'no_chat_template');
}

/** The template's own text and those of the messages, in turns. */
function piecesOf(template: ChatTemplate, messages: readonly ChatMessage[]): PromptPiece[] {
  const rendered = render(template, messages);
  const around = render(
    template,
    messages.map(({ role }, index) => ({ role, content: wordOf(index) })),
  );
  for (const form of [(text: string) => text, (text: string) => strip(text)]) {
    const pieces = cutAtWords(
      around,
      messages.map(({ content }) => form(content)),
    );
    if (pieces.map(({ text }) => text).join('') === rendered) return pieces;
  }
  throw badRequest(
    'messages: expected texts that the chat template writes as they are, found one that it changes',
    'messages',
  );
}

function render(template: ChatTemplate, messages: readonly ChatMessage[]): string {
  try {
    return renderChat(template, messages, true);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw badRequest(`messages: expected ${error.expected}, found: ${error.found}`, 'messages');
  }
}

function cutAtWords(around: string, texts: readonly string[]): PromptPiece[] {
  const pieces: PromptPiece[] = [];
  let rest = around;
  for (const [index, text] of texts.entries()) {
    const place = rest.indexOf(wordOf(index));
    // A template may leave a message out.
    if (place < 0) continue;
    pieces.push({ text: rest.slice(0, place), isTyped: false }, { text, isTyped: true });
    rest = rest.slice(place + wordOf(index).length);
  }
  return [...pieces, { text: rest, isTyped: false }].filter(({ text }) => text !== '');
}
