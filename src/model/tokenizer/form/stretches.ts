import type { PromptPiece } from '../../../data/prompts/prompt-form.ts';
import { namesIn } from './names-in.ts';

/**
 * An encoder in which special tokens of the form are tokens and those typed in an instruction are text. What stands
 * between two of the form's tokens is a text of its own, as between added tokens.
 * @param special the names of special tokens with their ids
 */
export function stretchEncoder(
  special: ReadonlyMap<string, number>,
  encodeText: (text: string) => number[],
): (pieces: readonly PromptPiece[]) => number[] {
  const find = namesIn(special);
  return (pieces) => {
    const ids: number[] = [];
    let stretch = '';
    const flush = () => {
      if (stretch !== '') ids.push(...encodeText(stretch));
      stretch = '';
    };
    for (const { text, isTyped } of pieces) {
      let start = 0;
      for (const { 0: name, index } of isTyped ? [] : text.matchAll(find)) {
        stretch += text.slice(start, index);
        flush();
        ids.push(special.get(name)!);
        start = index + name.length;
      }
      stretch += text.slice(start);
    }
    flush();
    return ids;
  };
}
