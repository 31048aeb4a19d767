import { InputError } from '../../core/errors.ts';
import { depthOf, headOfExit, type Manifest } from '../../model/folder/manifest.ts';
import type { ConfidentToken } from '../session/head-session.ts';

/**
 * How an exit's confidence in a token is measured: its largest probability, or the margin between the two largest.
 */
export const CONFIDENCES = ['probability', 'margin'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/**
 * Keys and values of layers that a token skips. `computed`: when a later token goes deeper, so that every cache is exact.
 * `carried`: at once, from the state at which the token left, as CALM does (Schuster et al. 2022): cheaper, and no longer
 * those that the exits have by themselves.
 */
export const SKIPPED_LAYERS = ['computed', 'carried'] as const;
export type SkippedLayers = (typeof SKIPPED_LAYERS)[number];

/** Adaptive depth: a token leaves at the first exit that is confident enough, else at the deepest. */
export interface AdaptiveSettings {
  /** 0 to 1, of every exit; or by exit, then the others are not asked. */
  readonly threshold: number | Readonly<Record<number, number>>;
  /** Default: `probability`. */
  readonly confidence?: Confidence | undefined;
  /** Default: `computed`. */
  readonly skipped?: SkippedLayers | undefined;
}

/**
 * The threshold of each exit that is asked.
 * @throws InputError `unknown-exit`; `bad-option` for a threshold that is not between 0 and 1
 */
export function thresholdsOf(
  manifest: Manifest,
  { threshold }: AdaptiveSettings,
): ReadonlyMap<number, number> {
  const earlier = manifest.exits.filter((exit) => exit < depthOf(manifest));
  const given =
    typeof threshold === 'number' ? earlier.map((exit) => [exit, threshold] as const) : byExit(threshold);
  for (const [exit, value] of given) {
    headOfExit(manifest, exit, 'adaptive.threshold');
    requireShare(value);
  }
  return new Map(given);
}

const byExit = (threshold: Readonly<Record<number, number>>) =>
  Object.entries(threshold).map(([exit, value]) => [Number(exit), value] as const);

function requireShare(threshold: number): void {
  if (threshold >= 0 && threshold <= 1) return;
  throw new InputError({
    code: 'bad-option',
    where: 'adaptive.threshold',
    expected: 'a number from 0 to 1',
    found: `${threshold}`,
    fix: 'At 0 every token leaves at the first exit; at 1 almost none leaves early.',
  });
}

/** 0 to 1 */
export function confidenceOf(token: ConfidentToken, confidence: Confidence = 'probability'): number {
  return confidence === 'margin' ? token.largest - token.second : token.largest;
}
