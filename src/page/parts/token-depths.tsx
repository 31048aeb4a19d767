import { depthWords, type StoredDepths, tokenPieces } from '../content/token-pieces.ts';
import { Quoted, Visible } from './shown-text.tsx';

interface TokenDepthsProps {
  /** Null: no answer. */
  readonly text: string | null;
  readonly depths: StoredDepths;
  /** Layers of full depth. */
  readonly deepest: number;
}

/** A text whose tokens are colored by the exit that each left at, stronger the deeper; how many left where is said in words, too. */
export function TokenDepths({ text, depths, deepest }: TokenDepthsProps) {
  const pieces = text === null ? undefined : tokenPieces(text, depths);
  return (
    <>
      {pieces === undefined || pieces.length === 0 ? (
        <Quoted text={text} />
      ) : (
        <bdi dir="auto" class="quoted">
          {pieces.map(({ text: piece, exit }, index) => (
            <span key={index} class="left-at" title={`exit ${exit}`} style={{ '--depth': exit / deepest }}>
              <Visible text={piece} />
            </span>
          ))}
        </bdi>
      )}
      <span class="muted depth-words">{depthWords(depths.tokenExits)}</span>
    </>
  );
}

/** What the colors mean. */
export function DepthLegend({ exits }: { exits: readonly number[] }) {
  const deepest = exits.at(-1)!;
  return (
    <p class="depth-legend">
      Of adaptive depth, each token is colored by the exit that it left at:{' '}
      {exits.map((exit) => (
        <span key={exit} class="left-at" style={{ '--depth': exit / deepest }}>
          {exit}
        </span>
      ))}
    </p>
  );
}
