/** How long work takes that begins with opening a model. */

export interface Pace {
  /** Until the first piece is begun, whatever the number of pieces. */
  readonly openingSeconds: number;
  readonly perSecond: number;
}

export type Timed = readonly [pieces: number, seconds: number];

/** Where the two cannot be told apart. */
export function steadyPace(pieces: number, seconds: number): Pace {
  return { openingSeconds: 0, perSecond: pieces / seconds };
}

/**
 * From two runs, a short one and a longer one, each of which opened the model. A short run that took as long by chance tells
 * nothing: then opening counts as work.
 */
export function paceFrom([few, short]: Timed, [many, long]: Timed): Pace {
  const perPiece = (long - short) / (many - few);
  const opening = short - few * perPiece;
  if (!(many > few && perPiece > 0 && opening >= 0)) return steadyPace(few + many, short + long);
  return { openingSeconds: opening, perSecond: 1 / perPiece };
}

/** 0 for nothing, which opens nothing. */
export function secondsFor(pieces: number, { openingSeconds, perSecond }: Pace): number {
  return pieces === 0 ? 0 : openingSeconds + pieces / perSecond;
}
