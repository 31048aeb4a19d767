import type { ComponentChildren } from 'preact';
import type { Asked } from '../state.ts';

/** What is made of an answer, or a word on why there is none. */
export function Answered<T>({
  asked,
  children,
}: {
  asked: Asked<T>;
  children: (answer: T) => ComponentChildren;
}) {
  if (asked.problem !== undefined) return <p role="alert">{asked.problem}</p>;
  if (asked.answer === undefined && asked.isWaiting) return <p class="muted">Reading …</p>;
  return <>{children(asked.answer as T)}</>;
}
