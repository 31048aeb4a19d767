import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Instruction } from '../../../src/core/domain.ts';
import { silentProgress } from '../../../src/core/progress.ts';
import { alpacaPrompt } from '../../../src/data/alpaca-prompt.ts';
import { readInstructions } from '../../../src/data/instructions.ts';
import { prefill } from '../../../src/engine/forced/prefill.ts';
import { SegmentedModel } from '../../../src/engine/session/segmented-model.ts';
import { openSweep, type Sweep } from '../../../src/evaluate/open-sweep.ts';
import { generateStage } from '../../../src/evaluate/stages/generate-stage.ts';
import { klStage } from '../../../src/evaluate/stages/kl-stage.ts';
import { headOfExit } from '../../../src/model/folder/manifest.ts';
import { openTokenizer } from '../../../src/model/tokenizer/tokenizer.ts';
import type { FolderModel } from '../../../src/sources/folder-source.ts';
import { readResponses } from '../../../src/store/tables/response-table.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { writeRandomCheckpoint } from '../../support/random-checkpoint.ts';
import { readKlValues } from '../../support/read-kl-values.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { withSweep, writeSweep, writeTrio } from '../trio.ts';

const folder = tempFolder();
const POSITIONS = 4;

beforeAll(() => writeTrio(folder));

const sweepWith = (curves: object[], changes: object = {}) =>
  writeSweep(folder, { comparisons: undefined, limit: 2, kl: { positions: POSITIONS, curves }, ...changes });

/** Generates, measures, and gives the values of the first curve. */
async function measured(sweep: Sweep) {
  await generateStage(sweep);
  await klStage(sweep);
  return readKlValues(sweep.store, sweep.run, sweep.curves[0]!.name);
}

describe('KL along the reference’s answer', () => {
  it.each([
    ['of SoFT’s exits from SFT’s last', { model: 'soft', reference: 'sft' }],
    ['of early-exit’s own heads from SFT’s last', { model: 'early-exit', reference: 'sft' }],
    ['from an early-exit head', { model: 'sft', reference: 'early-exit', referenceExit: 2 }],
  ])('equals a direct computation in float64: %s', async (_, curve) => {
    await withSweep(sweepWith([curve]), async (sweep) => {
      const values = await measured(sweep);
      expect(values).toHaveLength(3 * 2 * POSITIONS);
      const direct = await directValues(sweep);
      for (const { exit, instructionId, position, klNats } of values) {
        const expected = direct.get(`${exit} ${instructionId}`)![position]!;
        expect(expected).toBeGreaterThanOrEqual(0);
        expect(Math.abs(klNats - expected)).toBeLessThan(1e-4);
      }
      expect(values.some(({ klNats }) => klNats > 0.1)).toBe(true);
    });
  });

  it('is 0 for the reference itself and for the sub-model that is the same', async () => {
    for (const model of ['sft', 'early-exit']) {
      await withSweep(sweepWith([{ model, reference: 'sft' }]), async (sweep) => {
        const own = (await measured(sweep)).filter(({ exit }) => exit === 4);
        expect(own).toHaveLength(2 * POSITIONS);
        for (const { klNats } of own) expect(Math.abs(klNats)).toBeLessThan(1e-6);
      });
    }
  });

  it('goes only as far as the shorter context', async () => {
    const { encode } = openTokenizer(join(folder, 'sft'));
    const lengths = readInstructions(join(folder, 'instructions.json')).map(
      (instruction) => encode(alpacaPrompt(instruction)).length,
    );
    // The second prompt and two tokens of its answer fit, the first, longer one does not.
    const contextLength = lengths[1]! + 2;
    expect(lengths[0]).toBeGreaterThan(contextLength);
    writeRandomCheckpoint(join(folder, 'short'), { layers: 2, contextLength, seed: 4 });
    const models = { sft: { path: 'sft' }, short: { path: 'short' } };
    const path = sweepWith([{ model: 'short', reference: 'sft' }], { models, output: 'short-out' });
    await withSweep(path, async (sweep) => {
      const values = (await measured(sweep)).filter(({ exit }) => exit === 2);
      const found = sweep.instructions.map(
        ({ id }) => values.filter(({ instructionId }) => instructionId === id).length,
      );
      expect(found).toEqual([0, 3]);
    });
  });
});

describe('a curve that cannot be measured', () => {
  it.each([
    [
      'an unknown exit of the reference',
      { model: 'soft', reference: 'sft', referenceExit: 1 },
      'unknown-exit',
    ],
    ['different tokenizers', { model: 'foreign', reference: 'sft' }, 'bad-config'],
    ['vocabularies of different sizes', { model: 'wide', reference: 'sft' }, 'bad-config'],
  ])('is refused before anything is written: %s', async (_, curve, code) => {
    writeForeignModels();
    const models = Object.fromEntries(['sft', 'soft', 'foreign', 'wide'].map((path) => [path, { path }]));
    const path = sweepWith([{ model: 'soft', reference: 'sft' }, curve], { models, output: 'refused' });
    const error = await inputErrorOf(() => openSweep(path, { progress: silentProgress }));
    expect(error.code).toBe(code);
    expect(error.where).toContain('kl.curves.1');
    expect(existsSync(join(folder, 'refused', 'results.db'))).toBe(false);
  });
});

/** `foreign` has another tokenizer.json, `wide` has rows in its embedding that no token uses. */
function writeForeignModels(): void {
  writeRandomCheckpoint(join(folder, 'wide'), { layers: 2, vocabSize: 300 });
  writeRandomCheckpoint(join(folder, 'foreign'), { layers: 2 });
  const tokenizer = join(folder, 'foreign', 'tokenizer.json');
  writeFileSync(tokenizer, `${readFileSync(tokenizer, 'utf8')}\n`);
}

/** `exit instruction` → KL in nats at each position, from the logits of both sides. */
async function directValues(sweep: Sweep): Promise<Map<string, number[]>> {
  const { model, reference, referenceExit } = sweep.curves[0]!;
  const values = new Map<string, number[]>();
  for (const instruction of sweep.instructions) {
    const from = await distributions(sweep, reference as FolderModel, referenceExit, instruction);
    for (const exit of model.exits) {
      const to = await distributions(sweep, model as FolderModel, exit, instruction);
      values.set(
        `${exit} ${instruction.id}`,
        from.map((p, position) => divergence(p, to[position]!)),
      );
    }
  }
  return values;
}

/** Log-probabilities [P][V] of a sub-model at the first positions of the reference's answer. */
async function distributions(sweep: Sweep, model: FolderModel, exit: number, instruction: Instruction) {
  const { reference, referenceExit } = sweep.curves[0]!;
  const subModel = { model: reference.name, exit: referenceExit };
  const answer = readResponses(sweep.store, sweep.run, subModel).get(instruction.id)!;
  const promptIds = model.tokenizer.encode(alpacaPrompt(instruction));
  const ids = [...promptIds, ...answer.tokenIds!];
  const { exits, architecture } = model.manifest;
  const { file } = headOfExit(model.manifest, exit, 'exit');
  const network = await SegmentedModel.open(model.folder);
  const { hidden } = await prefill(network, [ids], { segments: exits.length, from: 0 });
  const logits = await network.logits(file, hidden[exits.indexOf(exit)]!);
  await network.close();
  return Array.from({ length: POSITIONS }, (_, position) => {
    const start = (promptIds.length - 1 + position) * architecture.vocabSize;
    return logProbabilities([...logits.subarray(start, start + architecture.vocabSize)]);
  });
}

function logProbabilities(logits: number[]): number[] {
  const largest = Math.max(...logits);
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit - largest), 0);
  return logits.map((logit) => logit - largest - Math.log(total));
}

const divergence = (p: number[], q: number[]) =>
  p.reduce((sum, log, index) => sum + Math.exp(log) * (log - q[index]!), 0);
