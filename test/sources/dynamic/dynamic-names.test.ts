import { describe, expect, it } from 'vitest';
import { dynamicAmong } from '../../../src/sources/dynamic/dynamic-exits.ts';
import { adaptiveNamed, speculativeNamed } from '../../../src/sources/dynamic/dynamic-names.ts';

describe('a depth by its name', () => {
  it.each([
    { adaptive: 0.9 },
    { adaptive: 0 },
    { adaptive: { threshold: 0.9, skipped: 'carried' } },
    { adaptive: { threshold: 0.25, confidence: 'margin' } },
    { adaptive: { threshold: { 3: 0.99, 6: 1 }, confidence: 'margin', skipped: 'carried' } },
    { speculative: { draft: 12, tokens: 4 } },
  ] as const)('is the one that a sweep file means with %j', (exit) => {
    const [meant] = dynamicAmong([exit]);
    const [kind, ...rest] = meant!.name.split(':');
    const named = kind === 'adaptive' ? adaptiveNamed : speculativeNamed;
    expect(named(rest.join(':'))).toEqual(meant);
  });

  it.each([
    '',
    '1.1',
    '-0.1',
    '0.9:carried',
    'carry:0.9',
    'carried',
    '3=0.9,',
    '0=0.5',
    '3=2',
    '0x1',
    '1e-3',
    'carried:margin:0.5',
  ])('is none of adaptive depth: %j', (text) => expect(adaptiveNamed(text)).toBeUndefined());

  it.each(['', '6', '6:0', '0:4', '6:4:2', '6:-4', '6.5:4'])('is none of speculation: %j', (text) =>
    expect(speculativeNamed(text)).toBeUndefined(),
  );
});
