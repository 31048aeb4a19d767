import { protocolNamed } from '../../judge/protocols/protocols.ts';
import type { Store } from '../../store/database.ts';
import { readInstructions } from '../../store/tables/instruction-table.ts';
import { readComparisons } from '../../store/tables/model-table.ts';
import { collectJudgeRequests } from '../plan/judge-requests.ts';

/** How sure a number is: `at most` where no answer is known yet. */
export type Sureness = 'exact' | 'estimated' | 'at most';

interface PromptCount {
  readonly prompts: number;
  readonly promptsAre: Sureness;
}

/** What the stored answers of a run tell about its verdicts. */
export interface StoredSharing {
  /** Pairs in both orders whose answers are stored. */
  readonly pairs: number;
  /** Distinct prompts of these. */
  readonly prompts: number;
  /** Pairs in both orders that need no verdict, since an answer is none. */
  readonly unanswered: number;
  /** Those whose verdict is stored. */
  readonly judged: number;
}

interface JudgeParts {
  readonly protocol: Parameters<typeof protocolNamed>[0];
  readonly maxPromptCharacters?: number | undefined;
}

export function storedSharing(store: Store, run: string, judge: JudgeParts): StoredSharing {
  const plan = {
    ...{ store, run, instructions: readInstructions(store, run), comparisons: readComparisons(store, run) },
    // No model is asked: what is missing is counted.
    models: new Map(),
  };
  const { protocol, maxPromptCharacters } = judge;
  const reading = { protocol: protocolNamed(protocol), maxPromptCharacters, key: '', decoding: {} };
  const { requests, pairs, missing, unanswered } = collectJudgeRequests(plan, reading);
  return { pairs: pairs - missing, prompts: requests.length, unanswered, judged: judgedIn(store, run) };
}

/** The share of distinct prompts among the pairs whose answers are known holds for the others, too. */
export function sharedPrompts(pairs: number, sharing: StoredSharing | undefined): PromptCount {
  if (!sharing || sharing.pairs === 0) return { prompts: pairs, promptsAre: 'at most' };
  const { prompts, pairs: known, unanswered } = sharing;
  const isWhole = known + unanswered >= pairs;
  if (isWhole) return { prompts, promptsAre: 'exact' };
  return { prompts: Math.round((prompts / (known + unanswered)) * pairs), promptsAre: 'estimated' };
}

function judgedIn(store: Store, run: string): number {
  const sql = 'SELECT count(DISTINCT judgement_key) AS judged FROM judged_pair WHERE run = @run';
  return store.get<{ judged: number }>(sql, { run })!.judged;
}
