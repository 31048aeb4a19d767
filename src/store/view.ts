/** A documented question that a results file answers. */
export interface View {
  readonly name: string;
  /** One sentence for `query` without a view. */
  readonly description: string;
  readonly columns: readonly string[];
  /** Columns that rows are sorted by when the view is asked for by name. */
  readonly orderBy: readonly string[];
  readonly sql: string;
}

/** A helper of other views, not documented. */
export type InnerView = Pick<View, 'name' | 'sql'>;
