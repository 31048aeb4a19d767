/** The guard's process: runs what a foreign tokenizer.json wants to have run. */
import { answerCalls } from '../../../core/runtime/answer-calls.ts';
import { type ForeignParts, type OpenedParts, openForeignParts } from './foreign-parts.ts';
import type { GuardCall } from './guard-calls.ts';

const opened = new Map<number, OpenedParts>();

answerCalls(({ name, tokenizer, input }: GuardCall) => {
  if (name === 'open') opened.set(tokenizer, openForeignParts(input as ForeignParts));
  const parts = opened.get(tokenizer)!;
  if (name === 'split') return parts.split(input as string);
  if (name === 'join') return parts.join(input as string[]);
  return parts.normalizedAdded;
});
