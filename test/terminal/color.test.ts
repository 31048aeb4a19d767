import { describe, expect, it } from 'vitest';
import { hasColor, onColor } from '../../src/terminal/color.ts';

describe('hasColor', () => {
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
    expect(hasColor({ isTTY }, env)).toBe(expected);
  });
});

describe('onColor', () => {
  it.each([
    [-1, 52, 231],
    [0, 231, 16],
    [1, 23, 231],
  ])('puts %i on color %i in ink %i', (value, background, ink) => {
    expect(onColor('x', value)).toBe(`\u001b[48;5;${background};38;5;${ink}mx\u001b[0m`);
  });
});
