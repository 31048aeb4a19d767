import { describe, expect, it } from 'vitest';
import { judgeOf } from '../../../src/judge/judge.ts';
import type { CompleterSettings } from '../../../src/judge/protocols/completer-settings.ts';
import {
  PROTOCOL_NAMES,
  PROTOCOLS,
  protocolNamed,
  protocolOf,
  protocolSetting,
} from '../../../src/judge/protocols/protocols.ts';
import { scriptedCompleter } from '../../evaluate/scripted-judge.ts';

it('every protocol is found under its name', () => {
  expect(PROTOCOLS.map(({ name }) => name)).toEqual([...PROTOCOL_NAMES]);
  for (const name of PROTOCOL_NAMES) expect(protocolNamed(name).name).toBe(name);
});

describe.each(PROTOCOLS.map((protocol) => [protocol.name, protocol] as const))(
  'the protocol %s',
  (_, protocol) => {
    it('reads its own tie as a tie', () => {
      expect(protocol.parse(protocol.tieText).slotVerdict).toBe('tie');
    });

    it('has slot 1 before slot 2 in its prompt', () => {
      const instruction = { instruction: 'Say it.', input: '' };
      const { fixed, shortenable } = protocol.prompt({ instruction, responses: ['one', 'two'] });
      expect(shortenable).toEqual(['one', 'two']);
      expect(fixed[0]).toContain('Say it.');
    });

    it('names no deviation of recorded verdicts twice, and those of a foreign completer as they are', () => {
      const settings: CompleterSettings = { source: 'other', deviations: ['a', 'b'] };
      expect(protocol.deviations(settings)).toEqual(['a', 'b']);
      expect(protocol.deviations({ source: 'recorded' })).toHaveLength(1);
    });
  },
);

describe('a judge', () => {
  const judges = PROTOCOLS.map((protocol) =>
    judgeOf(
      protocol,
      scriptedCompleter(() => ''),
    ),
  );

  it('has its protocol in its decoding, and so in its keys; the default is left out', () => {
    expect(judges.map(({ decoding }) => decoding)).toEqual([
      { strategy: 'scripted' },
      { strategy: 'scripted', protocol: 'mt-bench' },
    ]);
  });

  it('is found by what is stored of it', () => {
    for (const { decoding, protocol } of judges) expect(protocolOf(decoding)).toBe(protocol);
    expect(protocolOf({ protocol: null })!.name).toBe('pandalm');
    expect(protocolOf(protocolSetting({ name: 'my-own' }))).toBeUndefined();
  });

  it('gives its completer the parts of a prompt, and the tokens that were truncated back', async () => {
    const given: unknown[] = [];
    const completer = scriptedCompleter(() => '1');
    const judge = judgeOf(protocolNamed('mt-bench'), {
      ...completer,
      async *complete(prompts) {
        for (const { tag, parts } of prompts) {
          given.push(parts?.shortenable);
          const counts = { promptTokens: 9, generatedTokens: 1, durationMs: 0, truncatedTokens: 7 };
          yield { tag, text: '[[A]]', stopReason: 'eos', ...counts };
        }
      },
    });
    const pair = { instruction: { instruction: 'x', input: '' }, responses: ['a', 'b'] } as const;
    const replies = [];
    for await (const reply of judge.ask([{ tag: 1, text: 'x', pair }])) replies.push(reply);
    expect(given).toEqual([['a', 'b']]);
    expect(replies).toMatchObject([{ tag: 1, rawText: '[[A]]', cutTokens: 7 }]);
  });
});
