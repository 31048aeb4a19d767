/** What each policy does with the two orders of a pair, and which published rule it is. */
import type { Policy } from '../core/domain.ts';

export interface PolicyNote {
  /** Continues the policy's name. */
  readonly rule: string;
  /** Who counts so. */
  readonly source: string;
}

export const POLICY_NOTES: Readonly<Record<Policy, PolicyNote>> = {
  average: {
    rule: 'the mean over both orders of the two answers',
    source: 'Sorted LLaMA, arXiv 2309.08968',
  },
  'conflict-is-tie': {
    rule: 'opposite winners in the two orders make a tie, a win and a tie make a win',
    source: 'AlpaGasus, arXiv 2307.08701',
  },
  'pandalm-author': {
    rule: 'opposite winners make a tie, else the order with model a in slot 1 decides',
    source: 'an author of PandaLM, WeOpenML/PandaLM issue 41',
  },
  'both-agree': {
    rule: 'a win counts when both orders say so, all else is a tie',
    source: 'MT-Bench, arXiv 2306.05685, and FastChat’s show_result.py',
  },
  pooled: {
    rule: 'every order counts on its own',
    source: 'no publication; scores as average does',
  },
};

/** `average: the mean over both orders of the two answers (Sorted LLaMA, …)` */
export function policyText(policy: Policy): string {
  const { rule, source } = POLICY_NOTES[policy];
  return `${policy}: ${rule} (${source})`;
}
