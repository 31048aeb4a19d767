import { describe, expect, it } from 'vitest';
import { klPointsRead } from '../../../src/store/read/exit-reads.ts';
import { read } from '../../../src/store/read/read.ts';
import { klKey, knownKlKeys, saveKl } from '../../../src/store/tables/kl-table.ts';
import { contentDump } from '../../support/content-dump.ts';
import { klCurve } from '../../support/oracles/kl-curve.ts';
import { readKlValues } from '../../support/read-kl-values.ts';
import { type emptyStore, sampleStore } from '../sample.ts';
import { generation, modelRecord } from '../sample-run.ts';

describe('saveKl', () => {
  const reference = { referenceModel: 'sft', referenceExit: 4 };
  const pass = (exit: number, instructionId: string, klNats: readonly number[]) => {
    const parts = {
      subModelKey: modelRecord('soft').subModels.find((subModel) => subModel.exit === exit)!.subModelKey,
      referenceKey: modelRecord('sft').subModels[1]!.subModelKey,
      responseKey: generation('sft', 4, instructionId, '').responseKey,
      settings: { direction: 'reference-to-sub-model' },
    };
    return {
      record: { ...parts, klKey: klKey(parts), klNats },
      mapping: { curve: 'soft', model: 'soft', exit, ...reference, instructionId, klKey: klKey(parts) },
    };
  };
  const save = (store: ReturnType<typeof emptyStore>, passes: readonly ReturnType<typeof pass>[]): void =>
    saveKl(store, 'nano', {
      passes: passes.map(({ record }) => record),
      curves: passes.map(({ mapping }) => mapping),
    });

  it('refuses a pass along an answer that is not there, and numbers that are none', () => {
    const store = sampleStore();
    const lost = pass(3, 'i-add', [0]);
    expect(() => save(store, [{ ...lost, record: { ...lost.record, responseKey: 'lost' } }])).toThrow(
      'FOREIGN KEY',
    );
    expect(() => save(store, [pass(3, 'i-add', [0.5, Number.NaN])])).toThrow(RangeError);
    expect(() => save(store, [pass(3, 'i-add', [Number.POSITIVE_INFINITY])])).toThrow(RangeError);
    expect(contentDump(store)['kl']).toEqual([]);
  });

  it('averages over the instructions that reach a position', () => {
    const store = sampleStore();
    save(store, [pass(3, 'i-add', [0.5, 0.25]), pass(3, 'i-cap', [1.5]), pass(4, 'i-add', [0])]);
    save(store, [pass(3, 'i-add', [9, 9])]);
    const curve = { curve: 'soft', model: 'soft', ...reference };
    expect(read(store, klPointsRead('nano'))).toMatchObject([
      { ...curve, exit: 3, position: 0, meanKlNats: 1, instructions: 2 },
      { ...curve, exit: 3, position: 1, meanKlNats: 0.25, instructions: 1 },
      { ...curve, exit: 4, position: 0, meanKlNats: 0, instructions: 1 },
    ]);
    const values = readKlValues(store, 'nano', 'soft').filter(({ exit }) => exit === 3);
    expect(read(store, klPointsRead('nano')).slice(0, 2)).toMatchObject(klCurve(3, values));
    expect(readKlValues(store, 'nano', 'soft').map(({ klNats }) => klNats)).toEqual([0.5, 0.25, 1.5, 0]);
    expect(
      knownKlKeys(store, [pass(3, 'i-add', []).record.klKey, pass(4, 'i-cap', []).record.klKey]).size,
    ).toBe(1);
  });
});
