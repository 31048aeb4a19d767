/** One row of the table in docs/reliability.md. */
export interface Finding {
  /** What was done. */
  readonly what: string;
  /** How often, with its unit: `104 kills in 19 sweeps`. */
  readonly tries: string;
  /** What was promised. */
  readonly promise: string;
  /** Every time that the promise was not kept. */
  readonly differences: readonly string[];
}

export function findingTable(findings: readonly Finding[]): string {
  const rows = findings.map(
    ({ what, tries, promise, differences }) => `| ${what} | ${tries} | ${promise} | ${differences.length} |`,
  );
  return ['| What | How often | Promise | Broken |', '|---|---|---|---:|', ...rows].join('\n');
}
