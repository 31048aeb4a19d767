import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPublishedCells } from '../../src/data/published-scores.ts';
import { inputErrorOf } from '../support/failure.ts';
import { tempFolder } from '../support/temp-folder.ts';

const path = join(tempFolder(), 'published.csv');
const HEADER = 'baseline,layers,soft_layer,base_layer,win,loss,tie,total';

function read(...lines: readonly string[]) {
  writeFileSync(path, lines.join('\n'));
  return readPublishedCells(path);
}

describe('readPublishedCells refuses', () => {
  it.each<[string, string[], string, RegExp]>([
    ['a file without rows', [HEADER], 'empty', /expected a header and at least one published cell/],
    [
      'a missing column',
      ['baseline,soft_layer,base_layer,win,loss', 'SFT,12,12,1,1'],
      'bad-schema',
      /line 1: .*found no tie among baseline, soft_layer/,
    ],
    [
      'a word for a number',
      [HEADER, 'SFT,40,12,12,many,1,0,2'],
      'bad-schema',
      /line 2\.win: expected a number, found "many"/,
    ],
    ['an empty number', [HEADER, 'SFT,40,12,12,,1,0,2'], 'bad-schema', /line 2\.win: .*found ""/],
    ['a negative number', [HEADER, 'SFT,40,12,12,-1,3,0,2'], 'bad-schema', /line 2\.win: .*found "-1"/],
    ['layer 0', [HEADER, 'SFT,40,0,12,1,1,0,2'], 'bad-schema', /soft_layer: expected a number of layers/],
    ['an unknown baseline', [HEADER, 'SoFT,40,12,12,1,1,0,2'], 'bad-schema', /expected SFT or SFT\+ICT/],
    [
      'counts that do not add up to the total',
      [HEADER, 'SFT,40,12,12,1,1,0.5,2'],
      'bad-schema',
      /line 2: expected win \+ loss \+ tie = 2, found 1 \+ 1 \+ 0\.5 = 2\.5/,
    ],
    [
      'without totals, a row that adds up to something else than the first',
      ['baseline,soft_layer,base_layer,win,loss,tie', 'SFT,12,12,1,1,0', 'SFT,12,16,1,1,1'],
      'bad-schema',
      /line 3: expected win \+ loss \+ tie = 2, found 1 \+ 1 \+ 1 = 3/,
    ],
    ['a cell that counts nothing', [HEADER, 'SFT,40,12,12,0,0,0,0'], 'bad-schema', /a total above 0/],
    [
      'a cell that comes twice',
      [HEADER, 'SFT,40,12,16,1,1,0,2', 'SFT,40,12,16,2,0,0,2'],
      'bad-schema',
      /line 3: expected every cell once, found SFT 12 against 16, which .*line 2 has too/,
    ],
    ['a layer beyond the depth', [HEADER, 'SFT,40,44,16,1,1,0,2'], 'bad-schema', /found layer 44/],
    ['a decimal comma', [HEADER, 'SFT,40,12,16,1,5,0,5,0,2'], 'bad-schema', /expected 8 fields, found 10/],
    ['a quote that does not close', [HEADER, '"SFT,40,12,16,1,1,0,2'], 'bad-schema', /does not close/],
  ])('%s', async (_, lines, code, message) => {
    const error = await inputErrorOf(() => read(...lines));
    expect(error.code).toBe(code);
    expect(error.message).toMatch(message);
  });

  it('a file that is not there', async () => {
    expect((await inputErrorOf(() => readPublishedCells('/no/published.csv'))).code).toBe('not-found');
  });
});

describe('readPublishedCells reads', () => {
  it('scores, and comments and further columns not', () => {
    expect(read('# Table 4', `${HEADER},note`, 'SFT+ICT,40,12,16,97.5,72.5,0,170,x')).toEqual([
      { baseline: 'SFT+ICT', exitA: 12, exitB: 16, layers: 40, score: 25 / 170 },
    ]);
  });

  it('the largest layer as the depth where the file does not say it', () => {
    const cells = read('baseline,soft_layer,base_layer,win,loss,tie', 'SFT,12,12,1,1,0', 'SFT,12,40,0,2,0');
    expect(cells.map(({ layers }) => layers)).toEqual([40, 40]);
  });

  it("the paper's 128 cells: eight exits against eight of two baselines, and some of its scores", () => {
    const cells = readPublishedCells(
      join(import.meta.dirname, '../../eval-data/published/sorted-llama-table4.csv'),
    );
    const exits = [12, 16, 20, 24, 28, 32, 36, 40];
    for (const baseline of ['SFT', 'SFT+ICT']) {
      const pairs = cells
        .filter((cell) => cell.baseline === baseline)
        .map(({ exitA, exitB }) => `${exitA}/${exitB}`);
      expect(pairs).toEqual(exits.flatMap((exitA) => exits.map((exitB) => `${exitA}/${exitB}`)));
    }
    const score = (baseline: string, exitA: number, exitB: number) =>
      cells.find((cell) => cell.baseline === baseline && cell.exitA === exitA && cell.exitB === exitB)?.score;
    expect(score('SFT', 12, 12)).toBeCloseTo(-0.1647, 4);
    expect(score('SFT', 40, 24)).toBeCloseTo(0.9059, 4);
    expect(score('SFT+ICT', 12, 40)).toBeCloseTo(-0.7971, 4);
    // The last exit of the early-exit model is the SFT model itself.
    for (const exit of exits) expect(score('SFT', exit, 40)).toBe(score('SFT+ICT', exit, 40));
  });
});
