import type { ComponentChildren } from 'preact';
import type { QueryState } from '../state.ts';

/** What is made of a result; before there is one, a word on why. */
export function Ready<T>({
  state,
  children,
}: {
  state: QueryState<T>;
  children: (result: T) => ComponentChildren;
}) {
  if (state.problem !== undefined) return <p role="alert">{state.problem}</p>;
  if (state.result === undefined && state.isWaiting) return <p class="muted">Reading …</p>;
  return <>{children(state.result as T)}</>;
}
