/** SQLite's `length` and `substr` end at the first NUL, which a model or an instruction may have; these read on. */

const hasNul = (column: string) => `instr(${column}, char(0)) > 0`;

/** The first characters of a column; of a text with NUL so many bytes. */
export function beginningOf(column: string, characters: number): string {
  return `CASE WHEN ${hasNul(column)} THEN CAST(substr(CAST(${column} AS BLOB), 1, ${characters}) AS TEXT) ELSE substr(${column}, 1, ${characters}) END`;
}

/** Characters of a column: JSON writes a NUL as `\u0000`, which becomes another character before it is read again. */
export function charactersOf(column: string): string {
  const written = `replace(replace(json_quote(${column}), '\\\\', '_'), '\\u0000', '_')`;
  return `CASE WHEN ${hasNul(column)} THEN length(json_extract(${written}, '$')) ELSE length(${column}) END`;
}
