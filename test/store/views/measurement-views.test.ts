import { describe, expect, it } from 'vitest';
import { MIGRATIONS, migrate } from '../../../src/store/migrations.ts';
import { openMemory } from '../../../src/store/sqlite-driver.ts';
import { saveKl } from '../../../src/store/tables/kl-table.ts';
import { saveTimed } from '../../support/timed-speed.ts';
import { rowsOf, sampleStore } from '../sample.ts';
import { generation } from '../sample-run.ts';

/** KL values of the first positions, one list for each instruction. */
function storeWithKl(valuesOf: readonly (readonly number[])[]) {
  const store = sampleStore();
  const at = { curve: 'c', model: 'soft', exit: 3, referenceModel: 'sft', referenceExit: 4 };
  const { responseKey } = generation('sft', 4, 'i-add', '3');
  const keys = { subModelKey: 's', referenceKey: 'r', responseKey, settings: {} };
  const ids = ['i-add', 'i-cap', 'i-free'];
  saveKl(store, 'nano', {
    passes: valuesOf.map((klNats, index) => ({ ...keys, klKey: `k${index}`, klNats })),
    curves: valuesOf.map((_, index) => ({ ...at, instructionId: ids[index]!, klKey: `k${index}` })),
  });
  return store;
}

describe('the interval of a mean KL', () => {
  it("is Student's t over the instructions that reach the position", () => {
    const [point] = rowsOf(storeWithKl([[2], [2.5], [3.5]]), 'kl_points');
    // python -c "from scipy import stats; x=[2,2.5,3.5]; print(stats.t.interval(.95, 2, stats.tmean(x), stats.sem(x)))"
    expect(point).toMatchObject({ position: 0, instructions: 3 });
    expect(point!['mean_kl_nats']).toBeCloseTo(2.6666667, 6);
    expect(point!['sd_nats']).toBeCloseTo(0.7637626, 6);
    expect(point!['ci_low']).toBeCloseTo(0.7693751, 5);
    expect(point!['ci_high']).toBeCloseTo(4.5639582, 5);
  });

  it('ends at 0, below which no KL lies', () => {
    const [point] = rowsOf(storeWithKl([[0.1], [3]]), 'kl_points');
    expect(point!['ci_low']).toBe(0);
  });

  it('is not known of one instruction, and has no width where all agree', () => {
    const points = rowsOf(storeWithKl([[0.5, 0.25], [0.5]]), 'kl_points');
    expect(points).toMatchObject([
      { position: 0, instructions: 2, ci_low: 0.5, ci_high: 0.5 },
      { position: 1, instructions: 1, sd_nats: null, ci_low: null, ci_high: null },
    ]);
  });

  it('stands beside the means that kl_curves has', () => {
    const store = storeWithKl([[0.1, 0.2], [0.7, 0.1], [1.3]]);
    const means = rowsOf(store, 'kl_points').map(({ sd_nats, ci_low, ci_high, ...mean }) => mean);
    expect(means).toEqual(rowsOf(store, 'kl_curves'));
  });
});

describe('speed', () => {
  const timedIn = (durationsMs: readonly number[]) => {
    const store = sampleStore();
    saveTimed(store, 'nano', [{ model: 'soft', exit: 3, batchSize: 1, tokens: 100, durationsMs }]);
    return rowsOf(store, 'exit_speeds')[0]!;
  };

  it('is the median of the repetitions, whatever their order, between the second from either end of ten', () => {
    const durations = [1000, 100, 125, 160, 200, 200, 200, 320, 400, 500];
    expect(timedIn(durations)).toMatchObject({
      ...{ repetitions: 10, tokens_per_second: 500, ci_low: 200, ci_high: 800 },
      ...{ prompt_tokens: 64, machine: 'a machine' },
    });
  });

  it('of an even number of repetitions is the mean of the two in the middle', () => {
    expect(timedIn([100, 125])).toMatchObject({ repetitions: 2, tokens_per_second: 900, ci_low: null });
  });

  it('has an interval from six repetitions on', () => {
    expect(timedIn([1000, 500, 200, 100, 250])).toMatchObject({ ci_low: null, ci_high: null });
    expect(timedIn([1000, 500, 200, 100, 250, 400])).toMatchObject({ ci_low: 100, ci_high: 1000 });
  });
});

describe('a file of version 3', () => {
  it('keeps its one timing, without interval, prompt or machine', () => {
    const database = openMemory();
    migrate(database, MIGRATIONS.slice(0, 3), []);
    database.execute(`INSERT INTO run VALUES ('nano', '{}', 'x', '0', 'now', NULL, NULL);
      INSERT INTO model VALUES ('nano', 'soft', 0, 'soft', 4, 'fp32', 1, 1, 1, 0, 1, 0);
      INSERT INTO sub_model VALUES ('nano', 'soft', 3, 'key'), ('nano', 'soft', 4, 'other');
      INSERT INTO speed VALUES ('nano', 'soft', 3, 1, 64, 100.0), ('nano', 'soft', 4, 16, 1024, 200.0)`);
    migrate(database);
    const unknown = { repetitions: 1, ci_low: null, ci_high: null, prompt_tokens: null, machine: null };
    expect(database.all('SELECT * FROM exit_speeds')).toEqual([
      { run: 'nano', model: 'soft', exit: 3, batch_size: 1, tokens_per_second: 640, ...unknown },
      { run: 'nano', model: 'soft', exit: 4, batch_size: 16, tokens_per_second: 5120, ...unknown },
    ]);
    expect(database.all('SELECT * FROM exit_speed')).toMatchObject([
      { exit: 3, batch_size: 1, tokens_per_second: 640 },
      { exit: 4, tokens_per_second: 5120 },
    ]);
    expect(database.values('SELECT tokens * 1000 / duration_ms FROM speed')).toEqual([640, 5120]);
  });
});
