/** The queries of the page on a results file: plain functions, so that they run on any SQLite. */
import type { Store } from '../../store/database.ts';
import { querySql } from '../../store/read/query-view.ts';
import { type PlainRead, storedRows } from '../../store/read/read.ts';
import { readRunHead } from '../../store/read/run-head.ts';

/** What a query may use of a store. */
export type PageStore = Pick<Store, 'path' | 'all' | 'get' | 'select'>;

export type PageQuery =
  | { readonly kind: 'read'; readonly read: PlainRead }
  | { readonly kind: 'head'; readonly run: string }
  | { readonly kind: 'sql'; readonly sql: string };

/** Rows of a read as the file has them, the head of a run, or columns and rows of SQL that only reads. */
export function runPageQuery(store: PageStore, query: PageQuery): unknown {
  switch (query.kind) {
    case 'read':
      return storedRows(store, query.read);
    case 'head':
      return readRunHead(store, query.run);
    default:
      return querySql(store, query.sql);
  }
}
