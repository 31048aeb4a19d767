/** A documented view of a results file. */
export interface View {
  readonly name: string;
  /** One sentence for `query` without a view. */
  readonly description: string;
  readonly columns: readonly string[];
  /** What each of the columns holds. */
  readonly dictionary: ViewColumns;
  /** Columns that rows are sorted by when the view is read by name. */
  readonly orderBy: readonly string[];
  readonly sql: string;
  /** How the rows of a view with one row for each cell read as matrices. */
  readonly matrix?: ViewMatrix;
}

export type ViewColumns = Readonly<Record<string, ViewColumn>>;

export interface ViewColumn {
  readonly type: 'TEXT' | 'INTEGER' | 'REAL';
  /** With its unit. */
  readonly meaning: string;
  /** What NULL means; absent where it does not occur. */
  readonly whenNull?: string;
}

/** Rows are exits of model a, columns those of model b; where `by` differs, there is another matrix. */
interface ViewMatrix {
  /** Column of the number in a cell. */
  readonly value: string;
  readonly title: string;
  /** `signed`: from −1 to 1, above 0 for model a; `share`: from 0 to 1. */
  readonly scale: 'signed' | 'share';
  readonly by: readonly string[];
  /** Column of the p-value under which a number is worth a color. */
  readonly pValue?: string;
}

/** A helper of other views, not documented. */
export type InnerView = Pick<View, 'name' | 'sql'>;

/** A view from its columns as name → description. */
export function view({
  columns,
  ...rest
}: Omit<View, 'columns' | 'dictionary'> & { readonly columns: ViewColumns }): View {
  return { ...rest, columns: Object.keys(columns), dictionary: columns };
}
