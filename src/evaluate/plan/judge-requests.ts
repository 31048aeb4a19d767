import type { Comparison, Instruction, Order } from '../../core/domain.ts';
import { sha256 } from '../../core/sha256.ts';
import { truncateText } from '../../data/truncate-prompt.ts';
import type { Judge, JudgePrompt } from '../../judge/judge.ts';
import type { ResponsePair } from '../../judge/protocols/judge-protocol.ts';
import { type JudgementMapping, judgementKey } from '../../store/tables/judgement-table.ts';
import { type FoundTexts, findResponseTexts } from './response-texts.ts';
import type { ComparisonsContext } from './run-context.ts';

/** What a judge reads: a pair in one order. */
export interface JudgeRequest extends Required<Omit<JudgePrompt<unknown>, 'tag'>> {
  /** Of its judgement. */
  readonly key: string;
  readonly promptSha256: string;
  /** Taken from the ends of the responses by the limit of the judge's prompts; 0: none. */
  readonly truncatedCharacters: number;
  /** Every pair of a run that it settles: equal responses make equal prompts. */
  readonly pairs: JudgementMapping[];
}

/** What of a judge makes prompts and their keys. */
type PromptedJudge = Pick<Judge, 'protocol' | 'maxPromptCharacters' | 'key' | 'decoding'>;

export interface JudgeRequests {
  readonly requests: readonly JudgeRequest[];
  /** To be judged, each in both orders counted twice. */
  readonly pairs: number;
  /** Those of them that cannot be judged because a response is missing. */
  readonly missing: number;
  /** Not to be judged, since a response is no answer: its state says why. Counted likewise. */
  readonly unanswered: number;
}

/**
 * All requests of the run, by instruction and then by text.
 * @throws InputError `empty` if responses of a model in this process are not generated yet
 */
export function collectJudgeRequests(plan: ComparisonsContext, judge: PromptedJudge): JudgeRequests {
  const byPrompt = new Map<string, JudgeRequest>();
  const sorted: JudgeRequest[] = [];
  const answers = findResponseTexts(plan);
  let [pairs, missing, unanswered] = [0, 0, 0];
  for (const instruction of plan.instructions) {
    const added: JudgeRequest[] = [];
    for (const comparison of plan.comparisons) {
      for (const pair of pairsOf(comparison, instruction)) {
        const responses = responsesOf(answers, comparison, pair);
        if (responses === null) unanswered++;
        else pairs++;
        if (responses === undefined) missing++;
        if (responses) addRequest(byPrompt, added, judge, { instruction, responses }, pair);
      }
    }
    sorted.push(...added.sort(byText));
  }
  return { requests: sorted, pairs, missing, unanswered };
}

/** Puts prompts with one beginning side by side, so that a local judge reads the beginning once. */
export function byText({ text: left }: JudgeRequest, { text: right }: JudgeRequest): number {
  return left < right ? -1 : Number(left > right);
}

/** Keyed by what the judge reads: another limit of its prompts changes the keys of just those that it shortens. */
export function toJudgeRequest(
  judge: PromptedJudge,
  pair: ResponsePair,
  { text, truncatedCharacters } = promptOf(judge, pair),
): JudgeRequest {
  const promptSha256 = sha256(text);
  const key = judgementKey({ judgeKey: judge.key, promptSha256, decoding: judge.decoding });
  return { key, promptSha256, text, pair, truncatedCharacters, pairs: [] };
}

function promptOf({ protocol, maxPromptCharacters }: PromptedJudge, pair: ResponsePair) {
  return truncateText(protocol.prompt(pair), maxPromptCharacters);
}

type Pair = Omit<JudgementMapping, 'judgementKey'>;

function* pairsOf({ name, exitsA, exitsB }: Comparison, { id }: Instruction): Generator<Pair> {
  const orders: readonly Order[] = ['ab', 'ba'];
  for (const exitA of exitsA) {
    for (const exitB of exitsB) {
      for (const order of orders) yield { comparison: name, exitA, exitB, instructionId: id, order };
    }
  }
}

/** The two responses in the order of their slots; null if one is no answer, undefined if one is missing. */
function responsesOf(
  answers: FoundTexts,
  { modelA, modelB }: Comparison,
  pair: Pair,
): readonly [string, string] | null | undefined {
  const a = answers(modelA, pair.exitA, pair.instructionId);
  const b = answers(modelB, pair.exitB, pair.instructionId);
  if (a === null || b === null) return null;
  if (a === undefined || b === undefined) return undefined;
  return pair.order === 'ab' ? [a, b] : [b, a];
}

function addRequest(
  byPrompt: Map<string, JudgeRequest>,
  added: JudgeRequest[],
  judge: PromptedJudge,
  responses: ResponsePair,
  pair: Pair,
): void {
  const prompt = promptOf(judge, responses);
  const existing = byPrompt.get(prompt.text);
  const request = existing ?? toJudgeRequest(judge, responses, prompt);
  request.pairs.push({ ...pair, judgementKey: request.key });
  if (existing) return;
  byPrompt.set(prompt.text, request);
  added.push(request);
}
