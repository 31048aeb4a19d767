/** A run in a results file of its own, with models that have no weights: what a stage needs, and nothing else. */

import { join } from 'node:path';
import type { Comparison, Instruction, LongPrompts } from '../../src/core/domain.ts';
import { sha256 } from '../../src/core/sha256.ts';
import { type GenerateContext, generateStage } from '../../src/evaluate/stages/generate-stage.ts';
import type { FolderModel } from '../../src/sources/folder-source.ts';
import type { SweepModel } from '../../src/sources/model-source.ts';
import { openStore, type Store } from '../../src/store/database.ts';
import { openRun } from '../../src/store/tables/run-table.ts';
import type { runJob } from '../../src/worker/run-job.ts';
import { modelRecord } from '../store/sample-run.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { countingProgress } from './trio.ts';

const EXITS = [3, 4];

/** A model of which only the network is missing: a token is a character. */
export function fakeModel(name: string, changes: object = {}): FolderModel {
  const model = {
    name,
    label: name,
    folder: `/models/${name}`,
    exits: EXITS,
    keys: new Map(EXITS.map((exit) => [exit, sha256(`${name} ${exit}`)])),
    tokenizer: {
      encode: (text: string) => [...text].map((character) => character.codePointAt(0)!),
      decode: (ids: readonly number[]) => String.fromCodePoint(...ids),
    },
    manifest: {
      kind: 'plain',
      eosTokenIds: [2],
      files: { 'tokenizer.json': { sha256: 'one vocabulary' } },
      architecture: { layers: 4, vocabSize: 256, contextLength: 1000 },
    },
    isRemote: false,
    mayBeIncomplete: false,
    decoding: ({ maxNewTokens }: { maxNewTokens: number }) => ({ strategy: 'greedy', maxNewTokens }),
    requireApiKeys: () => {},
    ...changes,
  };
  return model as unknown as FolderModel;
}

export function fakeInstructions(count: number): Instruction[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `i${index}`,
    instruction: `Add ${index} and 1.`,
    input: '',
    answer: `${index + 1}`,
  }));
}

interface FakeRunOptions {
  readonly instructions?: readonly Instruction[];
  readonly models?: readonly SweepModel[];
  readonly comparisons?: readonly Comparison[];
}

/** Opens a run; `restart` gives the same with a new count of what was computed, as a second process would have it. */
export function fakeRun({
  instructions = fakeInstructions(3),
  models = [fakeModel('soft')],
  comparisons = [],
}: FakeRunOptions = {}) {
  const store = openStore(join(tempFolder(), 'results.db'));
  const records = models.map(({ name }) => modelRecord(name));
  openRun(store, { run: 'fake', config: {}, toolVersion: '0', instructions, models: records, comparisons });
  const context = {
    store,
    run: 'fake',
    instructions,
    models: new Map(models.map((model) => [model.name, model])),
    comparisons,
    config: {
      generation: {
        ...{ decoding: 'greedy' as const, repetitionPenalty: 1, maxNewTokens: 5, batchSize: 8 },
        ...{ onLongPrompt: 'skip' as LongPrompts, strip: [] },
      },
      speed: { batchSizes: [1, 2], steps: 8, repetitions: 2 },
    },
  };
  return { ...context, progress: countingProgress() };
}

/** Rows of a table of the run, without the run's name. */
export function rowsOf(store: Store, table: string): Record<string, unknown>[] {
  return store.all<Record<string, unknown>>(`SELECT * FROM ${table}`).map(({ run, ...row }) => row);
}

/** A source whose models write what `write` gives for the instruction and the exit, or fail where it throws. */
export function scriptedSource(write: (instructionId: string, exit: number) => string) {
  const requested: string[] = [];
  async function* respond(...[requests, { signal }]: Parameters<SweepModel['respond']>) {
    for (const { tag, instruction, exits } of requests) {
      for (const exit of exits) {
        signal?.throwIfAborted();
        requested.push(`${instruction.id}@${exit}`);
        yield replyOf(tag, exit, () => write(instruction.id, exit));
      }
    }
  }
  return { respond: respond as SweepModel['respond'], requested };
}

/** The generate stage, with all models of the run from one source. */
export function generateFrom(run: GenerateContext, { respond }: Pick<SweepModel, 'respond'>) {
  const models = [...run.models].map(([name, model]) => [name, { ...model, respond }] as const);
  return generateStage({ ...run, models: new Map(models) });
}

function replyOf(tag: unknown, exit: number, write: () => string) {
  try {
    const text = write();
    const tokenIds = [...text].map((character) => character.codePointAt(0)!);
    return { tag, exit, text, tokenIds, stopReason: 'eos', promptTokens: 1, durationMs: 0 };
  } catch (error) {
    return { tag, exit, error: (error as Error).message };
  }
}

/** Stands in for the worker: gives what `work` makes of each job's input, and keeps the inputs. */
export function scriptedJob<Input, Item>(work: (input: Input) => Iterable<Item>) {
  const inputs: Input[] = [];
  async function* job(_name: string, input: Input, signal?: AbortSignal) {
    inputs.push(input);
    for (const item of work(input)) {
      signal?.throwIfAborted();
      yield item;
    }
  }
  return { job: job as unknown as typeof runJob, inputs };
}
