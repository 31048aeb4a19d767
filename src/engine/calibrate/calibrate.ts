import { InputError } from '../../core/errors.ts';
import type { Architecture } from '../../model/checkpoint/architecture.ts';
import { depthOf, type Manifest } from '../../model/folder/manifest.ts';
import { openTokenizer } from '../../model/tokenizer/tokenizer.ts';
import type { AdaptiveSettings } from '../dynamic/adaptive-settings.ts';
import { weightsOf } from '../dynamic/draft-length.ts';
import { SegmentedModel } from '../session/segmented-model.ts';
import {
  type CalibrationOutcome,
  type DepthCosts,
  lowestThreshold,
  outcomeOf,
  type Thresholds,
  thresholdsByExit,
  type WantedShare,
} from './choose-thresholds.ts';
import { type ConfidenceTrace, confidenceTraces, type TraceSettings } from './confidence-trace.ts';

export interface CalibrateOptions extends WantedShare, Partial<TraceSettings> {
  /** A threshold for each exit. Default: one for all. */
  readonly byExit?: boolean;
  readonly signal?: AbortSignal;
  /** Called after each answer. */
  readonly onAnswer?: () => void;
}

export interface Calibration extends CalibrationOutcome {
  /** For `model.answer(…, { adaptive })` and the sweep file. */
  readonly adaptive: AdaptiveSettings;
  /** That it was calibrated on. */
  readonly answers: number;
  /** Layers of full depth. */
  readonly depth: number;
}

/**
 * Thresholds of adaptive depth with which a wanted share of full depth's answers stays as it is, found on answers to
 * given prompts (docs/dynamic.md).
 * @param prompts whole ones, template included: texts, or token ids
 * @throws InputError `bad-option` where no threshold keeps the share, or for a share that is none
 */
export async function calibrate(
  folder: string,
  prompts: readonly (string | readonly number[])[],
  options: CalibrateOptions,
): Promise<Calibration> {
  requireWanted(options);
  const { maxNewTokens = 256, batchSize = 32, confidence, eosTokenIds, signal } = options;
  const tokenizer = openTokenizer(folder);
  const model = await SegmentedModel.openStepwise(folder);
  try {
    const ids = prompts.map((prompt) => (typeof prompt === 'string' ? tokenizer.encode(prompt) : prompt));
    const traces: ConfidenceTrace[] = [];
    const settings = { maxNewTokens, batchSize, confidence, eosTokenIds };
    for await (const trace of confidenceTraces(model, ids, settings, signal)) {
      traces.push(trace);
      options.onAnswer?.();
    }
    return calibrated(model.manifest, traces, options);
  } finally {
    await model.close();
  }
}

function calibrated(
  manifest: Manifest,
  traces: readonly ConfidenceTrace[],
  options: CalibrateOptions,
): Calibration {
  const exits = manifest.exits.slice(0, -1);
  if (traces.length === 0 || exits.length === 0) throw nothingToCalibrate(exits);
  const costs = costsOf(manifest.architecture, depthOf(manifest));
  const lowest = lowestThreshold(traces, exits, options, costs);
  const chosen = options.byExit
    ? thresholdsByExit(traces, exits, options, costs, lowest ?? new Map())
    : lowest;
  if (chosen === undefined || chosen.size === 0) throw notKept(traces, exits, options, costs);
  const threshold = options.byExit ? Object.fromEntries(chosen) : [...chosen.values()][0]!;
  const adaptive = { threshold, confidence: options.confidence ?? ('probability' as const) };
  return { adaptive, answers: traces.length, depth: costs.depth, ...outcomeOf(traces, chosen, costs) };
}

function costsOf(architecture: Architecture, depth: number): DepthCosts {
  const { layer, head } = weightsOf(architecture);
  return { depth, headLayers: head / layer };
}

function requireWanted({ share, certainty, byExit }: CalibrateOptions): void {
  for (const [where, value] of Object.entries({ share, certainty })) {
    if (value === undefined || (value > 0 && value <= 1 && !(where === 'certainty' && value === 1))) continue;
    throw badOption(
      where,
      'a number above 0 and up to 1 (of certainty below 1)',
      `${value}`,
      'Correct the number.',
    );
  }
  if (certainty === undefined || !byExit) return;
  const fix =
    'Leave one of them out: thresholds of many exits are fitted to the very answers that would test them.';
  throw badOption('certainty', 'one threshold of all exits beside a certainty', 'one for each exit', fix);
}

function nothingToCalibrate(exits: readonly number[]): InputError {
  const found = exits.length === 0 ? 'a model with one exit' : 'no prompt with room for an answer';
  return badOption(
    'calibrate',
    'prompts that are answered, and an exit before the deepest',
    found,
    'Name others.',
  );
}

function notKept(
  traces: readonly ConfidenceTrace[],
  exits: readonly number[],
  { share, certainty }: WantedShare,
  costs: DepthCosts,
): InputError {
  const atMost: Thresholds = new Map(exits.map((exit) => [exit, 1]));
  const kept = (100 * outcomeOf(traces, atMost, costs).share).toFixed(1);
  const sure = certainty === undefined ? '' : `, with a certainty of ${certainty}`;
  const fix = 'Want less, give more instructions, or let each exit have a threshold of its own.';
  return badOption(
    'share',
    `${share} of the answers kept${sure}`,
    `${kept} % of ${traces.length} at threshold 1`,
    fix,
  );
}

function badOption(where: string, expected: string, found: string, fix: string): InputError {
  return new InputError({ code: 'bad-option', where, expected, found, fix });
}
