/** What a figure of a run is: what it reads, how its rows are drawn, and what stands around it on the results page. */
import type { Policy } from '../../core/domain.ts';
import type { Reader } from '../../store/database.ts';
import { type Read, read } from '../../store/read/read.ts';
import type { RunHead } from '../../store/read/run-head.ts';
import type { Figure } from '../chart/figure.ts';
import type { Sheet } from '../chart/sheet.ts';

/** Name of a read → its rows. */
export type RowSets = Readonly<Record<string, readonly unknown[]>>;

/** Name of a read → the read. */
export type Reads<Rows extends RowSets> = { readonly [Name in keyof Rows]: Read<Rows[Name][number]> };

/** What a reader may choose. */
export interface FigureChoice {
  readonly policy: Policy;
  /** Default: a screen. */
  readonly sheet?: Sheet | undefined;
}

export interface RunFigure<Rows extends RowSets = RowSets, NoteRows extends RowSets = RowSets> {
  /** Name of its files without the extension, and of its section on the page. */
  readonly name: string;
  /** Heading of its section. */
  readonly title: string;
  /** What a chart without a title of its own shows, for who does not see it. */
  readonly alt: string;
  /** What stands in its place where the run has no such numbers. */
  readonly missing: string;
  /** Where it stands on the page: with the scores, or below the checks. */
  readonly section: 'scores' | 'measurements';
  /** Whether a run's models have such numbers at all; it has no place on the page of another. Default: of every run. */
  readonly isFor?: (head: RunHead) => boolean;
  /** Heading of switches that hide the lines of all its charts. */
  readonly switches?: string;
  reads(head: RunHead, choice: FigureChoice): Reads<Rows>;
  /** `undefined` where the rows have nothing to draw. */
  draw(head: RunHead, rows: Rows, choice: FigureChoice): Figure | undefined;
  /** Paragraphs under the figure that take more reading than the figure itself: the page shows them later. */
  readonly notes?: {
    reads(head: RunHead): Reads<NoteRows>;
    paragraphs(head: RunHead, rows: NoteRows, choice: FigureChoice): readonly string[];
  };
}

/** The figure of a run with all its paragraphs, from its results file; `undefined` where there is nothing to draw. */
export function drawRunFigure(
  store: Reader,
  head: RunHead,
  { reads, draw, notes }: RunFigure,
  choice: FigureChoice,
): Figure | undefined {
  const figure = draw(head, readAll(store, reads(head, choice)), choice);
  if (figure === undefined || notes === undefined) return figure;
  const paragraphs = notes.paragraphs(head, readAll(store, notes.reads(head)), choice);
  return { ...figure, footer: [...figure.footer, ...paragraphs] };
}

function readAll(store: Reader, reads: Reads<RowSets>): RowSets {
  return Object.fromEntries(Object.entries(reads).map(([name, wanted]) => [name, read(store, wanted)]));
}
