import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { POLICIES } from '../../src/core/domain.ts';
import { POLICY_NOTES, policyText } from '../../src/judge/policies.ts';

describe('POLICY_NOTES', () => {
  it.each(POLICIES)('gives %s the source that docs/metrics.md gives it', (policy) => {
    const row = readFileSync('docs/metrics.md', 'utf8')
      .split('\n')
      .find((line) => line.startsWith(`| \`${policy}\``));
    const identifiers = POLICY_NOTES[policy].source.match(/arXiv [\d.]+\d|issue \d+|show_result\.py/g) ?? [];
    expect(identifiers.length > 0).toBe(policy !== 'pooled');
    for (const identifier of identifiers) expect(row).toContain(identifier);
  });

  it('does not call conflict-is-tie PandaLM’s, whose author counts a tie and a win otherwise', () => {
    expect(policyText('conflict-is-tie')).not.toMatch(/PandaLM/);
    expect(policyText('pandalm-author')).toMatch(/PandaLM issue 41/);
  });
});
