import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Figure, HeatmapPoint, LinePoint } from '../../../src/figures/chart/figure.ts';
import { renderFigure } from '../../../src/figures/files/canvas.ts';
import { FIGURES } from '../../../src/figures/run/figure-list.ts';
import type { RunFigure } from '../../../src/figures/run/run-figure.ts';
import { openReadOnlyStore } from '../../../src/store/database.ts';
import { read } from '../../../src/store/read/read.ts';
import { type RunHead, readRunHead } from '../../../src/store/read/run-head.ts';
import { seededRandom } from '../../support/random.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const path = join(tempFolder(), 'results.db');
writeFileSync(path, brotliDecompressSync(readFileSync('test/golden/nano-8389566.db.br')));
const store = openReadOnlyStore(path);
const head = readRunHead(store, 'nano') as RunHead;
const choice = { policy: 'average' } as const;

type Row = Readonly<Record<string, unknown>>;

function rowsOf(figure: RunFigure): Record<string, Row[]> {
  const reads = Object.entries(figure.reads(head, choice));
  return Object.fromEntries(reads.map(([name, wanted]) => [name, read(store, wanted) as Row[]]));
}

/** Every number that is not whole, up or down by a millionth of itself. */
function moved(rows: Record<string, Row[]>, seed: number): Record<string, Row[]> {
  const random = seededRandom(seed);
  const move = (value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value)
      ? value * (1 + (random.uniform() < 0.5 ? -1e-6 : 1e-6))
      : value;
  const row = (one: Row) => Object.fromEntries(Object.entries(one).map(([key, value]) => [key, move(value)]));
  return Object.fromEntries(Object.entries(rows).map(([name, list]) => [name, list.map(row)]));
}

const NUMBER = /\d[\d,]*(?:\.\d+)?/g;

/** Words are equal, and numbers up to one in the last digit. */
function expectAlike(one: string, other: string): void {
  expect(other.replace(NUMBER, '#')).toBe(one.replace(NUMBER, '#'));
  const numbers = (text: string) => [...text.matchAll(NUMBER)].map(([found]) => found.replaceAll(',', ''));
  const others = numbers(other);
  for (const [index, text] of numbers(one).entries()) {
    // 0.5 may become 0.5001: the digit that moved is the last of the longer one.
    const decimals = Math.max(...[text, others[index]!].map((found) => found.split('.')[1]?.length ?? 0));
    expect(Math.abs(Number(text) - Number(others[index]))).toBeLessThan(1.001 * unit(decimals, Number(text)));
  }
}

/** One in the last shown digit: of so many decimals, but no more than four digits. */
const unit = (decimals: number, value: number) =>
  Math.max(
    Number(`1e-${decimals}`),
    value === 0 ? 0 : Number(`${10 ** Math.floor(Math.log10(Math.abs(value)) - 3)}`),
  );

type Mark = LinePoint | HeatmapPoint | number;

const marksOf = (figure: Figure) =>
  figure.panels.flatMap(({ config }) => config.data.datasets.flatMap(({ data }) => data as readonly Mark[]));

/** What of a mark is a place, and how far it may move. */
function placesOf(mark: Mark): { value: number | null | undefined; step: number }[] {
  if (typeof mark === 'number') return [{ value: mark, step: 1 }];
  if ('v' in mark) return [{ value: mark.v, step: 0.01 }];
  return [mark.y, mark.low, mark.high].map((value) => ({ value, step: unit(12, value ?? 0) }));
}

const textsOf = (figure: Figure) => [
  ...[figure.title, ...figure.footer, ...figure.panels.map(({ title }) => title)],
  ...marksOf(figure).flatMap((mark) =>
    typeof mark === 'number' ? [] : ['v' in mark ? mark.text : (mark.detail ?? '')],
  ),
];

const axesOf = (figure: Figure) =>
  figure.panels.map(({ config }) =>
    Object.values(config.options?.scales ?? {}).map((axis) => {
      const { min, max, ticks } = axis as { min?: number; max?: number; ticks: { stepSize?: number } };
      return [min, max, ticks.stepSize];
    }),
  );

describe.each(FIGURES.filter(({ isFor }) => isFor?.(head) ?? true))(
  'figure $name of the nano run',
  (figure) => {
    const rows = rowsOf(figure);
    const drawn = figure.draw(head, rows, choice)!;

    it.each([1, 2, 3])(
      'moves no mark by more than a shown digit when values move by a millionth (seed %d)',
      (seed) => {
        const other = figure.draw(head, moved(rows, seed), choice)!;
        expect(axesOf(other)).toEqual(axesOf(drawn));
        const marks = marksOf(drawn).map((mark) => JSON.stringify(mark));
        const unmoved = marksOf(other).filter((mark, index) => JSON.stringify(mark) === marks[index]);
        // Only a value at the edge between two shown ones moves at all.
        expect(unmoved.length / marks.length).toBeGreaterThan(0.95);
        for (const [index, mark] of marksOf(drawn).entries()) {
          const places = placesOf(marksOf(other)[index]!);
          for (const [place, { value, step }] of placesOf(mark).entries()) {
            const there = places[place]!.value;
            if (typeof value !== 'number') expect(there).toBe(value);
            else expect(Math.abs(value - there!)).toBeLessThanOrEqual(step * 1.001);
          }
        }
        for (const [index, text] of textsOf(drawn).entries()) expectAlike(text, textsOf(other)[index]!);
      },
    );

    it('has the same bytes when values move by less than what is shown', () => {
      const bits = Object.fromEntries(
        Object.entries(rows).map(([name, list]) => [name, list.map((row) => withOtherLastBits(row))]),
      );
      expect(renderFigure(figure.draw(head, bits, choice)!).equals(renderFigure(drawn))).toBe(true);
    });
  },
);

/** What another order of a sum, or another `exp`, would give. */
function withOtherLastBits(row: Row): Row {
  const other = (value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? value * (1 + Number.EPSILON) : value;
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, other(value)]));
}

describe('functions that processors round differently', () => {
  const INEXACT =
    /Math\.(?:exp|expm1|log|log10|log1p|log2|pow|sin|cos|tan|a?sinh?|a?cosh?|a?tanh?|atan2|cbrt|hypot)\b|\*\*[^/*]/;
  /** Files that draw, write or query. What they compute with such a function is rounded there. */
  const LISTED = ['figures/chart/palette.ts', 'page/content/dark-color.ts'];

  it('are used for nothing that is shown, but where their results are rounded', () => {
    const files = ['figures', 'page', 'terminal', 'store', 'viewer'].flatMap((folder) =>
      (readdirSync(join('src', folder), { recursive: true }) as string[])
        .filter((file) => /\.tsx?$/.test(file))
        .map((file) => `${folder}/${file}`),
    );
    const using = files.filter((file) =>
      INEXACT.test(withoutComments(readFileSync(join('src', file), 'utf8'))),
    );
    expect(using).toEqual(LISTED);
  });
});

const withoutComments = (source: string) => source.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
