/**
 * Every figure of a run, in the order in which it is read. This list alone decides which PNGs `sorted-eval figures` writes,
 * which sections the results page has, which queries it shows, and how the gallery is ordered.
 */
import { FRONTIER_FIGURE } from '../frontier/frontier-figure.ts';
import { KL_FIGURE } from './kl-figure.ts';
import { MEMORY_FIGURE } from './memory-figure.ts';
import { QUALITY_SPEED_FIGURE } from './quality-speed-figure.ts';
import type { RunFigure } from './run-figure.ts';
import { SCORES_FIGURE } from './score-heatmaps.ts';

export const FIGURES: readonly RunFigure[] = [
  SCORES_FIGURE,
  KL_FIGURE,
  QUALITY_SPEED_FIGURE,
  FRONTIER_FIGURE,
  MEMORY_FIGURE,
];
