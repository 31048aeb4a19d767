/** The tokens that a repetition penalty falls on. */
export interface SeenTokens {
  /** int64, the prompt's, each once */
  readonly promptSeen: BigInt64Array;
  /** Of the response so far. */
  readonly tokens: readonly number[];
}

/** int64 [N, L]; short rows repeat an id, whose penalty is then written twice with the same value. */
export function seenIds(rows: readonly SeenTokens[]): BigInt64Array {
  const longest = Math.max(...rows.map(({ promptSeen, tokens }) => promptSeen.length + tokens.length));
  const seen = new BigInt64Array(rows.length * longest);
  for (const [row, { promptSeen, tokens }] of rows.entries()) {
    const start = row * longest;
    seen.fill(promptSeen[0]!, start, start + longest);
    seen.set(promptSeen, start);
    for (const [index, token] of tokens.entries()) seen[start + promptSeen.length + index] = BigInt(token);
  }
  return seen;
}

/** int64, each id once. */
export function distinctIds(ids: readonly number[]): BigInt64Array {
  return BigInt64Array.from(new Set(ids), BigInt);
}
