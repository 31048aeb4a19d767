import { describe, expect, it } from 'vitest';
import { UnevenBatch } from '../../../src/engine/dynamic/uneven-batch.ts';
import { UnevenRow } from '../../../src/engine/dynamic/uneven-row.ts';
import { prefill } from '../../../src/engine/forced/prefill.ts';
import { fakeSegmentedModel } from '../../support/fake-models.ts';

const WIDTH = 2;
const PROMPT = [3, 4];

async function batchOf(rows: number) {
  const model = fakeSegmentedModel({ contextLength: 400 });
  const segments = model.manifest.segments.length;
  const batch = new UnevenBatch<UnevenRow>(model, rows);
  const { cache } = await prefill(model, [PROMPT], { segments, from: 1 });
  const joined = Array.from({ length: rows }, () => new UnevenRow(PROMPT.length, segments, WIDTH));
  for (const row of joined) batch.join(row, cache, 0);
  return { batch, rows: joined, model };
}

/** The fake's state of a token: its id, and the sum of all ids up to it. */
const statesOf = (ids: readonly number[]) => {
  let sum = PROMPT.reduce((total, id) => total + id, 0);
  return ids.flatMap((id) => {
    sum += id;
    return [id, sum];
  });
};
const count = (length: number, first = 1) => Array.from({ length }, (_, index) => ((first + index) % 9) + 1);

describe('tokens that wait before a segment', () => {
  it('run through it together, however many they are, and have the states of single steps', async () => {
    const { batch, rows, model } = await batchOf(2);
    const ids = [count(150), count(5, 4)];
    for (const [index, row] of rows.entries()) for (const id of ids[index]!) row.push(id);
    for (const segment of [0, 1, 2]) {
      const states = await batch.run(segment, rows);
      expect(states.map((own) => [...own])).toEqual(ids.map(statesOf));
      expect(rows.map((row) => row.lengthAt(segment))).toEqual([152, 7]);
      expect(rows.map((row) => row.waitingAt(segment))).toEqual([0, 0]);
    }
    expect(Math.max(...model.steps.map(({ queryLength }) => queryLength))).toBe(64);
  });

  it('are run of some rows alone, and of the others when their turn comes', async () => {
    const { batch, rows } = await batchOf(3);
    const ids = [count(3), count(4), count(5)];
    for (const [index, row] of rows.entries()) for (const id of ids[index]!) row.push(id);
    await batch.run(0, rows);
    expect((await batch.run(1, [rows[2]!, rows[0]!])).map((own) => [...own])).toEqual([
      statesOf(ids[2]!),
      statesOf(ids[0]!),
    ]);
    expect(rows[1]!.waitingAt(1)).toBe(4);
    expect((await batch.run(1, [rows[1]!])).map((own) => [...own])).toEqual([statesOf(ids[1]!)]);
  });

  it('are forgotten with their keys and values when a row is cut', async () => {
    const { batch, rows } = await batchOf(1);
    const [row] = rows as [UnevenRow];
    for (const id of [5, 6, 7]) row.push(id);
    await batch.run(0, rows);
    row.truncate(PROMPT.length + 1);
    row.push(8);
    await batch.run(0, rows);
    expect([...(await batch.run(1, rows))[0]!]).toEqual(statesOf([5, 8]));
  });

  it('stay with their row when another leaves the batch', async () => {
    const { batch, rows } = await batchOf(3);
    const ids = [count(2), count(3), count(4)];
    for (const [index, row] of rows.entries()) for (const id of ids[index]!) row.push(id);
    await batch.run(0, rows);
    batch.leave(rows[0]!);
    const rest = [rows[2]!, rows[1]!];
    expect(batch.rows).toEqual(rest);
    expect((await batch.run(1, rest)).map((own) => [...own])).toEqual([statesOf(ids[2]!), statesOf(ids[1]!)]);
  });
});
