/** Parts of a small run, as a sweep would hand them to the store. */
import type { Order, SlotVerdict } from '../../src/core/domain.ts';
import { sha256 } from '../../src/core/sha256.ts';
import type { Store } from '../../src/store/database.ts';
import type { JudgeRecord } from '../../src/store/tables/judge-table.ts';
import {
  type JudgementMapping,
  type JudgementRecord,
  judgementKey,
  saveJudgements,
} from '../../src/store/tables/judgement-table.ts';
import type { ModelRecord } from '../../src/store/tables/model-table.ts';
import {
  type ResponseMapping,
  type ResponseRecord,
  responseKey,
} from '../../src/store/tables/response-table.ts';
import type { RunSetup } from '../../src/store/tables/run-table.ts';

export const JUDGE: JudgeRecord = {
  judge: 'nano-judge',
  judgeKey: sha256('judge'),
  decoding: { mode: 'greedy', maxNewTokens: 32 },
  deviations: ['greedy decoding', 'no penalty'],
};

export function modelRecord(model: string, weights = model): ModelRecord {
  return {
    model,
    kind: model === 'sft' ? 'sft' : 'soft',
    layers: 4,
    precision: 'fp32',
    bodyParameters: 1000,
    embeddingParameters: 100,
    headParameters: 100,
    extraHeadParameters: 0,
    weightBytes: 4800,
    extraHeadBytes: 0,
    subModels: [3, 4].map((exit) => ({ exit, subModelKey: sha256(`${weights} ${exit}`) })),
  };
}

export function setup(change: Partial<RunSetup> = {}): RunSetup {
  return {
    run: 'nano',
    config: { seed: 1 },
    toolVersion: '0.1.0',
    instructions: [
      { id: 'i-add', instruction: 'Add.', input: '1 2', answer: '3', category: 'add' },
      { id: 'i-cap', instruction: 'Capital?', input: 'France', answer: 'Paris', category: 'capital' },
      { id: 'i-free', instruction: 'Write.', input: '' },
    ],
    models: [modelRecord('soft'), modelRecord('sft')],
    comparisons: [{ name: 'soft-vs-sft', modelA: 'soft', modelB: 'sft', exitsA: [3, 4], exitsB: [3, 4] }],
    ...change,
  };
}

const DECODING = { mode: 'greedy', maxNewTokens: 8 };

/** What a sub-model said to one instruction, keyed as a sweep keys it. */
export function generation(model: string, exit: number, instructionId: string, text: string): ResponseRecord {
  const subModelKey = modelRecord(model).subModels.find((subModel) => subModel.exit === exit)!.subModelKey;
  const parts = { subModelKey, promptSha256: sha256(instructionId), decoding: DECODING };
  return {
    ...parts,
    responseKey: responseKey(parts),
    state: 'answered',
    text,
    rawText: null,
    tokenIds: [5, 6, 2],
    stopReason: 'eos',
    finishReason: null,
    promptTokens: 11,
    generatedTokens: 3,
    durationMs: 1.5,
    thoughtCharacters: 0,
    echoCharacters: null,
  };
}

export function responsesOf(model: string, exit: number, texts: Readonly<Record<string, string>>) {
  const responses: ResponseRecord[] = [];
  const mappings: ResponseMapping[] = [];
  for (const [instructionId, text] of Object.entries(texts)) {
    const made = generation(model, exit, instructionId, text);
    responses.push(made);
    mappings.push({ model, exit, instructionId, responseKey: made.responseKey });
  }
  return { responses, mappings };
}

/** One verdict on soft@4 against sft@4. */
export function verdict(
  instructionId: string,
  order: Order,
  slotVerdict: SlotVerdict,
  cell = { exitA: 4, exitB: 4 },
) {
  const promptSha256 = sha256(`${instructionId} ${order} ${cell.exitA} ${cell.exitB}`);
  const parts = { judgeKey: JUDGE.judgeKey, promptSha256, decoding: JUDGE.decoding };
  const key = judgementKey(parts);
  const judgement: JudgementRecord = {
    ...parts,
    judgementKey: key,
    state: 'answered',
    rawText: `${slotVerdict}\n\n### Reason: because`,
    parsedText: null,
    slotVerdict,
    parserVersion: 1,
    stopReason: 'eos',
    finishReason: null,
    promptTokens: 40,
    generatedTokens: 9,
    durationMs: 20,
    thoughtCharacters: null,
    echoCharacters: null,
  };
  const pair: JudgementMapping = {
    comparison: 'soft-vs-sft',
    ...cell,
    instructionId,
    order,
    judgementKey: key,
  };
  return { judgement, pair };
}

export function saveVerdicts(
  store: Store,
  run: string,
  verdicts: readonly ReturnType<typeof verdict>[],
): void {
  const judgements = verdicts.map(({ judgement }) => judgement);
  saveJudgements(store, run, { judgements, pairs: verdicts.map(({ pair }) => pair) });
}
