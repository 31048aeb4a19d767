/** A documented question that a results file answers. */
export interface View {
  readonly name: string;
  /** One sentence for `query` without a view. */
  readonly description: string;
  readonly columns: readonly string[];
  /** Columns that rows are sorted by when the view is asked for by name. */
  readonly orderBy: readonly string[];
  readonly sql: string;
  /** How the rows of a view with one row for each cell read as matrices. */
  readonly matrix?: ViewMatrix;
}

/** Rows are exits of model a, columns those of model b; where `by` differs, there is another matrix. */
export interface ViewMatrix {
  /** Column of the number in a cell. */
  readonly value: string;
  readonly title: string;
  /** `signed`: from −1 to 1, above 0 for model a; `share`: from 0 to 1. */
  readonly scale: 'signed' | 'share';
  readonly by: readonly string[];
  /** Column of the p-value under which a number is worth a colour. */
  readonly pValue?: string;
}

/** A helper of other views, not documented. */
export type InnerView = Pick<View, 'name' | 'sql'>;
