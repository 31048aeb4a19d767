/** What `query` and the reports print. */
export interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly CellValue[])[];
}

/** What a database gives back. */
export type CellValue = string | number | bigint | boolean | null | Uint8Array;

/** For formats without blobs and without integers beyond 2^53: those become text, with every digit. */
export function plainValue(value: CellValue): string | number | boolean | null {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Uint8Array ? `x'${Buffer.from(value).toString('hex')}'` : value;
}
