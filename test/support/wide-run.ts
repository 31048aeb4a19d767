/** A made-up run of any size: its texts are of common lengths and shapes, its verdicts follow from a counter. */
import type { Instruction, Order, SlotVerdict } from '../../src/core/domain.ts';
import { sha256 } from '../../src/core/sha256.ts';
import type { Store } from '../../src/store/database.ts';
import { saveJudge } from '../../src/store/tables/judge-table.ts';
import {
  type JudgementMapping,
  type JudgementRecord,
  judgementKey,
  saveJudgements,
} from '../../src/store/tables/judgement-table.ts';
import type { ModelRecord } from '../../src/store/tables/model-table.ts';
import { type ResponseRecord, responseKey, saveResponses } from '../../src/store/tables/response-table.ts';
import { openRun } from '../../src/store/tables/run-table.ts';
import { type CellScore, saveScores } from '../../src/store/tables/score-table.ts';
import { JUDGE, modelRecord, setup } from '../store/sample-run.ts';

export interface WideSize {
  readonly instructions: number;
  readonly exits: number;
  /** Each of one more model against the first; 4 at most. */
  readonly comparisons: number;
}

const RUN = 'wide';
const MODELS = ['soft', 'sft', 'early-exit', 'plain', 'other'] as const;
const CATEGORIES = ['Explaining', 'Coding', 'Writing', 'Arithmetic'] as const;
const WORDS =
  'the answer is that a model with fewer layers says less and often repeats itself while one with more goes on'.split(
    ' ',
  );
const ORDERS: readonly Order[] = ['ab', 'ba'];

export function writeWideRun(store: Store, size: WideSize): void {
  const exits = Array.from({ length: size.exits }, (_, index) => 2 * index + 8);
  const models = MODELS.slice(0, size.comparisons + 1).map((model) => wideModel(model, exits));
  const comparisons = models.slice(1).map(({ model }) => ({
    ...{ name: `soft against ${model}`, modelA: 'soft', modelB: model },
    ...{ exitsA: exits, exitsB: exits },
  }));
  const instructions = Array.from({ length: size.instructions }, (_, index) => instruction(index));
  openRun(store, setup({ run: RUN, instructions, models, comparisons }));
  for (const { model } of models) for (const exit of exits) saveAnswers(store, model, exit, instructions);
  saveJudge(store, RUN, JUDGE);
  const judgements = JUDGEMENTS.map(judgementOf);
  saveJudgements(store, RUN, { judgements, pairs: [] });
  const scores: CellScore[] = [];
  for (const { name } of comparisons)
    for (const exitA of exits)
      for (const exitB of exits) {
        const cell = { comparison: name, exitA, exitB };
        const pairs = instructions.flatMap(({ id }, index) => pairsOf(cell, id, index, judgements));
        saveJudgements(store, RUN, { judgements: [], pairs });
        scores.push(scoreOf(cell, (exitA - exitB) / exits.at(-1)!, size.instructions));
      }
  saveScores(store, RUN, 'average', scores);
}

function wideModel(model: string, exits: readonly number[]): ModelRecord {
  const subModels = exits.map((exit) => ({ exit, subModelKey: sha256(`${model} ${exit}`) }));
  return { ...modelRecord(model), layers: exits.at(-1)!, subModels };
}

function instruction(index: number): Instruction {
  return {
    id: sha256(`instruction ${index}`).slice(0, 16),
    instruction: `Question ${index}: ${words(index, 14)}?`,
    input: index % 3 === 0 ? words(index + 1, 20) : '',
    answer: String(index % 7),
    category: CATEGORIES[index % CATEGORIES.length]!,
  };
}

function saveAnswers(store: Store, model: string, exit: number, instructions: readonly Instruction[]): void {
  const responses = instructions.map(({ id }, index) => response(model, exit, id, index));
  const mappings = responses.map((made, index) => ({
    ...{ model, exit, instructionId: instructions[index]!.id, responseKey: made.responseKey },
  }));
  saveResponses(store, RUN, { responses, mappings });
}

function response(model: string, exit: number, id: string, index: number): ResponseRecord {
  const parts = {
    subModelKey: sha256(`${model} ${exit}`),
    promptSha256: sha256(id),
    decoding: { mode: 'greedy', maxNewTokens: 128 },
  };
  return {
    ...parts,
    responseKey: responseKey(parts),
    state: 'answered',
    text:
      index % 5 === 0 ? String((index + exit) % 7) : `${words(index * exit, 8 + ((index * 7 + exit) % 60))}.`,
    ...{ rawText: null, tokenIds: null, stopReason: 'eos', finishReason: null, promptTokens: 40 },
    ...{ generatedTokens: 30, durationMs: 100 + exit, thoughtCharacters: null, echoCharacters: null },
  };
}

const JUDGEMENTS: readonly SlotVerdict[] = ['1', '2', 'tie', 'malformed'];

function judgementOf(slotVerdict: SlotVerdict): JudgementRecord {
  const parts = { judgeKey: JUDGE.judgeKey, promptSha256: sha256(slotVerdict), decoding: JUDGE.decoding };
  return {
    ...parts,
    judgementKey: judgementKey(parts),
    ...{ state: 'answered', rawText: `${slotVerdict}\n\n### Reason: ${words(3, 20)}`, parsedText: null },
    ...{ slotVerdict, parserVersion: 1, stopReason: 'eos', finishReason: null, promptTokens: 200 },
    ...{ generatedTokens: 40, durationMs: 500, thoughtCharacters: null, echoCharacters: null },
  };
}

type CellName = Pick<CellScore, 'comparison' | 'exitA' | 'exitB'>;

function pairsOf(
  cell: CellName,
  instructionId: string,
  index: number,
  judgements: readonly JudgementRecord[],
): JudgementMapping[] {
  return ORDERS.map((order, place) => {
    const chosen = (index * 13 + cell.exitA * 5 + cell.exitB * 3 + place * (index % 3)) % 40;
    // One in forty is malformed.
    const { judgementKey: key } = judgements[chosen === 39 ? 3 : chosen % 3]!;
    return { ...cell, instructionId, order, judgementKey: key };
  });
}

function scoreOf(cell: CellName, score: number, n: number): CellScore {
  const wins = Math.round((n * (1 + score)) / 2);
  return {
    ...cell,
    ...{
      policy: 'average',
      malformedRule: 'dropped',
      wins,
      losses: n - wins,
      ties: 0,
      malformed: 0,
      total: n,
    },
    ...{ score, ciLow: score - 0.04, ciHigh: score + 0.04 },
    ...{ pValue: Math.abs(score) < 0.1 ? 0.3 : 0.0001, pHolm: Math.abs(score) < 0.1 ? 1 : 0.001 },
  };
}

function words(start: number, count: number): string {
  return Array.from(
    { length: count },
    (_, place) => WORDS[(start * 7 + place * 5 + ((start * place) % 11)) % WORDS.length]!,
  ).join(' ');
}
