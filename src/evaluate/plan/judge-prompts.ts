/** The judge's prompts of a stored run, for people who judge with other programs; their answers come back by the same ids. */

import type { SweepConfig } from '../../config/sweep-file.ts';
import { protocolNamed } from '../../judge/protocols/protocols.ts';
import type { Api } from '../../sources/http/endpoint.ts';
import { completionBody } from '../../sources/http/openai.ts';
import type { Store } from '../../store/database.ts';
import { readInstructions } from '../../store/tables/instruction-table.ts';
import { readComparisons } from '../../store/tables/model-table.ts';
import { collectJudgeRequests } from './judge-requests.ts';
import { requireJudge } from './require-judge.ts';

export interface PromptsFormat {
  /** Of a batch file; undefined: plain lines of id and prompt. */
  readonly batch?: { readonly model: string; readonly api: Api } | undefined;
}

export interface JudgePrompts {
  /** JSON, one object each: a prompt that any pair of the run needs, once. */
  readonly lines: readonly string[];
  /** Verdicts of the run, each pair in both orders. */
  readonly pairs: number;
  /** Those that have no prompt, since an answer is missing or is none. */
  readonly without: number;
}

/**
 * Ids are the sha256 of the prompt's text: another run's equal prompt has the same one.
 * @throws InputError `bad-config` for a sweep without a judge
 */
export function judgePrompts(
  { store, run, config }: { readonly store: Store; readonly run: string; readonly config: SweepConfig },
  { batch }: PromptsFormat,
): JudgePrompts {
  const judge = requireJudge(config.judge, `sweep ${config.name}: judge`);
  const protocol = protocolNamed(judge.protocol);
  const { maxPromptCharacters } = judge as { readonly maxPromptCharacters?: number };
  const plan = {
    store,
    run,
    instructions: readInstructions(store, run),
    comparisons: readComparisons(store, run),
    // No model is asked: what is missing is counted.
    models: new Map(),
  };
  const reading = { protocol, maxPromptCharacters, key: '', decoding: {} };
  const { requests, pairs, missing, unanswered } = collectJudgeRequests(plan, reading);
  const { maxNewTokens = protocol.defaults.maxNewTokens } = judge as { readonly maxNewTokens?: number };
  const lines = requests.map(({ promptSha256: id, text: prompt }) =>
    JSON.stringify(batch === undefined ? { id, prompt } : batchLine(id, prompt, batch, maxNewTokens)),
  );
  return { lines, pairs, without: missing + unanswered };
}

/** A line of OpenAI's batch files, which vLLM's `run_batch` reads too. */
function batchLine(
  id: string,
  prompt: string,
  { model, api }: { model: string; api: Api },
  maxNewTokens: number,
) {
  const url = api === 'chat' ? '/v1/chat/completions' : '/v1/completions';
  return { custom_id: id, method: 'POST', url, body: completionBody(api, model, prompt, { maxNewTokens }) };
}
