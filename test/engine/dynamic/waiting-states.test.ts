import { expect, it } from 'vitest';
import { WaitingStates } from '../../../src/engine/dynamic/waiting-states.ts';

const state = (...tokens: number[]) => Float32Array.from(tokens.flatMap((token) => [token, -token]));

it('states wait in their order, first in, first out, and the last can be forgotten', () => {
  const waiting = new WaitingStates(2);
  for (const token of [1, 2, 3, 4, 5]) waiting.push(state(token));
  expect(waiting.tokens).toBe(5);
  expect([...waiting.shift(2)]).toEqual([...state(1, 2)]);
  waiting.keep(2);
  waiting.push(state(6, 7));
  expect(waiting.tokens).toBe(4);
  expect([...waiting.shift(4)]).toEqual([...state(3, 4, 6, 7)]);
  waiting.keep(9);
  expect(waiting.tokens).toBe(0);
});
