import { describe, expect, it } from 'vitest';
import type { CompleterSettings } from '../../../src/judge/protocols/completer-settings.ts';
import { pandalm } from '../../../src/judge/protocols/pandalm.ts';

const BEAMS = { numBeams: 4, repetitionPenalty: 1.2, rule: 'transformers-4.28' };
const FOLDER = { source: 'folder', decoding: 'beams', beams: BEAMS, maxNewTokens: 512 } as const;
const SERVER = { source: 'endpoint', api: 'completions', maxNewTokens: 512 } as const;
const BEAMS_TEXT = '4 beams with repetition penalty 1.2';

describe('deviations from PandaLM', () => {
  it.each<[string, CompleterSettings, readonly string[]]>([
    ['none with its own settings', FOLDER, []],
    [
      'another ranking of beams',
      { ...FOLDER, beams: { ...BEAMS, rule: 'transformers-4.36' } },
      ['beams ranked as in transformers-4.36, not transformers-4.28'],
    ],
    ['fewer tokens', { ...FOLDER, maxNewTokens: 100 }, ['at most 100 new tokens, not 512']],
    [
      'greedy decoding, whose beams do not matter',
      { ...FOLDER, decoding: 'greedy', beams: { ...BEAMS, rule: 'other' }, maxNewTokens: 100 },
      [`greedy decoding instead of ${BEAMS_TEXT}`, 'at most 100 new tokens, not 512'],
    ],
    [
      'the verdict alone, whose length does not matter',
      { ...FOLDER, decoding: 'verdict-only', maxNewTokens: 100 },
      [`greedy decoding instead of ${BEAMS_TEXT}`, 'stopped after the verdict: no reason, no reference'],
    ],
    ['a server', SERVER, [`decoded by a server at temperature 0; PandaLM has ${BEAMS_TEXT}`]],
    [
      'a server with other keys and a chat template',
      { ...SERVER, api: 'chat', extraBody: { top_k: 1 } },
      [
        `decoded by a server at temperature 0 with {"top_k":1}; PandaLM has ${BEAMS_TEXT}`,
        "sent as a chat message: the server's template stands around the prompt",
      ],
    ],
    ['a file', { source: 'recorded' }, ['verdicts from a file: how they were decoded is not known']],
    ['what a completer lists itself', { source: 'other', deviations: ['own'] }, ['own']],
  ])('are %s', (_, settings, expected) => {
    expect(pandalm.deviations(settings)).toEqual(expected);
  });
});
