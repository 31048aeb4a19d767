import { describe, expect, it } from 'vitest';
import { hasColour, onColour } from '../../src/terminal/color.ts';

describe('hasColour', () => {
  it.each<[boolean | undefined, NodeJS.ProcessEnv, boolean]>([
    [true, {}, true],
    [false, {}, false],
    [undefined, {}, false],
    [true, { TERM: 'dumb' }, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [false, { FORCE_COLOR: '1' }, true],
    [false, { FORCE_COLOR: '' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
  ])('on a stream with isTTY %s and %j is %s', (isTTY, env, expected) => {
    expect(hasColour({ isTTY }, env)).toBe(expected);
  });
});

describe('onColour', () => {
  it.each([
    [-1, 52, 231],
    [0, 231, 16],
    [1, 23, 231],
  ])('puts %i on colour %i in ink %i', (value, background, ink) => {
    expect(onColour('x', value)).toBe(`\u001b[48;5;${background};38;5;${ink}mx\u001b[0m`);
  });
});
