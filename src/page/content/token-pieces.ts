/** A text token by token, with the exit that each left at. Pure. */

export interface StoredDepths {
  /** JSON arrays, as the view `token_depths` has them. */
  readonly tokenExits: string;
  readonly tokenEnds: string | null;
}

export interface TokenPiece {
  readonly text: string;
  readonly exit: number;
}

/** The pieces of a text; tokens that add nothing have none. Undefined where their ends are not known, or are of another text. */
export function tokenPieces(text: string, { tokenExits, tokenEnds }: StoredDepths): TokenPiece[] | undefined {
  if (tokenEnds === null) return undefined;
  const exits = JSON.parse(tokenExits) as readonly number[];
  const ends = JSON.parse(tokenEnds) as readonly number[];
  if (ends.length !== exits.length || (ends.at(-1) ?? 0) !== text.length) return undefined;
  const pieces = ends.map((end, index) => ({
    text: text.slice(ends[index - 1] ?? 0, end),
    exit: exits[index]!,
  }));
  return pieces.filter((piece) => piece.text !== '');
}

/** `2.5 layers a token: 3 tokens at exit 2, 1 at exit 4` */
export function depthWords(tokenExits: string): string {
  const exits = JSON.parse(tokenExits) as readonly number[];
  if (exits.length === 0) return 'no tokens';
  const mean = exits.reduce((sum, exit) => sum + exit, 0) / exits.length;
  const [first, ...others] = [...new Set(exits)]
    .sort((one, other) => one - other)
    .map((exit) => {
      return { exit, count: exits.filter((one) => one === exit).length };
    });
  const unit = first!.count === 1 ? 'token' : 'tokens';
  const rest = others.map(({ exit, count }) => `${count} at exit ${exit}`);
  const counts = [`${first!.count} ${unit} at exit ${first!.exit}`, ...rest].join(', ');
  return `${mean.toFixed(1)} layers a token: ${counts}`;
}
