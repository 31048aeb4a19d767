import { expect, it } from 'vitest';
import { hasRoom, withoutRoom } from '../../../src/engine/greedy/finished.ts';

it.each([
  [0, false],
  [1, true],
  [9, true],
  [10, false],
  [11, false],
])('a prompt of %i tokens in a context of 10 has room for a response: %s', (length, expected) => {
  expect(
    hasRoom(
      Array.from({ length }, () => 3),
      10,
    ),
  ).toBe(expected);
});

it('a prompt without room has an empty response at each of its exits', () => {
  const responses = withoutRoom({ tag: 'p', ids: [7, 7], exits: [2, 4] });
  expect(responses.map(({ exit }) => exit)).toEqual([2, 4]);
  for (const response of responses) {
    expect(response).toMatchObject({ tag: 'p', tokenIds: [], stopReason: 'context-end', promptTokens: 2 });
  }
});
