import { describe, expect, it } from 'vitest';
import { sha256 } from '../../../../src/core/sha256.ts';
import { toJudgeRequest } from '../../../../src/evaluate/plan/judge-requests.ts';
import { protocolNamed } from '../../../../src/judge/protocols/protocols.ts';
import { isSameHash, judgePrompt, promptNote } from '../../../../src/page/content/pair/judge-prompt.ts';
import type { ResponseDetail } from '../../../../src/page/queries/cell-query.ts';

const response = (text: string): ResponseDetail => ({
  ...{ model: 'm', exit: 1, instruction: 'Name the capital.', input: 'France', answer: null, correct: null },
  ...{ text, stopReason: null, generatedTokens: null, durationMs: null },
});
const pair = [response('Paris'), response('Rome')] as const;
const WHOLE = { cutTokens: null, cutCharacters: null };

describe("the judge's prompt", () => {
  it.each(['pandalm', 'mt-bench'] as const)('is the one that a sweep makes, in both orders: %s', (name) => {
    const judge = { protocol: protocolNamed(name), key: 'k', decoding: {} };
    for (const order of ['ab', 'ba'] as const) {
      const responses = order === 'ab' ? (['Paris', 'Rome'] as const) : (['Rome', 'Paris'] as const);
      const instruction = { instruction: 'Name the capital.', input: 'France' };
      const made = judgePrompt({ order, protocol: name }, pair)!;
      const { text, promptSha256 } = toJudgeRequest(judge, { instruction, responses });
      expect(made).toBe(text);
      expect(sha256(made)).toBe(promptSha256);
    }
  });

  it('is not made for a protocol that this page has not', () => {
    expect(judgePrompt({ order: 'ab', protocol: 'mine' }, pair)).toBeUndefined();
  });

  it('is said to be the stored one, another, or cut', () => {
    expect(promptNote(WHOLE, true)).toContain('was given this text');
    expect(promptNote(WHOLE, false)).toContain('was given another text');
    expect(promptNote(WHOLE, undefined)).toContain('cannot compare');
    expect(promptNote({ ...WHOLE, cutTokens: 7 }, true)).toContain('did not hold 7 tokens');
    expect(promptNote({ ...WHOLE, cutCharacters: 9 }, false)).toContain('without 9 characters');
  });

  it('has the hash of which an exported page keeps the beginning', () => {
    const hash = sha256('a');
    expect(isSameHash(hash, hash)).toBe(true);
    expect(isSameHash(hash, hash.slice(0, 16))).toBe(true);
    expect(isSameHash(hash, hash.slice(0, 15))).toBe(false);
    expect(isSameHash(hash, sha256('b').slice(0, 16))).toBe(false);
  });
});
