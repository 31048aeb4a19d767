/** Names of depths that are chosen token by token: `adaptive:0.9`, `speculative:12:4`. */
import {
  type AdaptiveSettings,
  CONFIDENCES,
  SKIPPED_LAYERS,
} from '../../engine/dynamic/adaptive-settings.ts';
import type { DynamicSettings } from '../../engine/dynamic/generate-any.ts';
import type { SpeculativeSettings } from '../../engine/dynamic/speculative-settings.ts';

/** A dynamic exit with its name, such as `adaptive:0.9` or `speculative:12:4`. */
export interface NamedDynamic {
  readonly name: string;
  readonly settings: DynamicSettings;
}

/** As the sweep file has it. */
type DynamicExit =
  | { readonly adaptive: number | AdaptiveSettings }
  | { readonly speculative: SpeculativeSettings };

export function namedDynamic(exit: DynamicExit): NamedDynamic {
  if ('speculative' in exit) {
    const { draft, tokens } = exit.speculative;
    return { name: `speculative:${draft}:${tokens}`, settings: exit };
  }
  const settings = typeof exit.adaptive === 'number' ? { threshold: exit.adaptive } : exit.adaptive;
  const { threshold, confidence = 'probability', skipped = 'computed' } = settings;
  const kind = [
    'adaptive',
    ...(confidence === 'probability' ? [] : [confidence]),
    ...(skipped === 'computed' ? [] : [skipped]),
  ].join(':');
  // A key at its default is no part of stored keys.
  const adaptive = { threshold, confidence, ...(skipped !== 'computed' && { skipped }) };
  return { name: `${kind}:${thresholdText(threshold)}`, settings: { adaptive } };
}

/**
 * Adaptive depth by what its name has after `adaptive:`, such as `0.9`, `carried:0.9` or `margin:3=0.9,6=0.8`; undefined for a text
 * that names none.
 */
export function adaptiveNamed(text: string): NamedDynamic | undefined {
  const words = text.split(':');
  const threshold = thresholdIn(words.pop()!);
  const confidence = CONFIDENCES.find((one) => one === words[0]);
  if (confidence) words.shift();
  const skipped = SKIPPED_LAYERS.find((one) => one === words[0]);
  if (skipped) words.shift();
  if (threshold === undefined || words.length > 0) return undefined;
  return namedDynamic({ adaptive: { threshold, confidence, skipped } });
}

/** Speculative decoding by what its name has after `speculative:`, such as `12:4`; undefined for a text that names none. */
export function speculativeNamed(text: string): NamedDynamic | undefined {
  const [, draft, tokens] = /^([1-9]\d*):([1-9]\d*)$/.exec(text) ?? [];
  if (draft === undefined) return undefined;
  return namedDynamic({ speculative: { draft: Number(draft), tokens: Number(tokens) } });
}

function thresholdText(threshold: AdaptiveSettings['threshold']): string {
  if (typeof threshold === 'number') return `${threshold}`;
  return Object.entries(threshold)
    .map(([exit, value]) => `${exit}=${value}`)
    .join(',');
}

function thresholdIn(text: string): AdaptiveSettings['threshold'] | undefined {
  if (!text.includes('=')) return shareIn(text);
  const byExit = text.split(',').map((part) => /^([1-9]\d*)=(.*)$/.exec(part));
  const shares = byExit.map((found) => shareIn(found?.[2] ?? ''));
  if (shares.includes(undefined)) return undefined;
  return Object.fromEntries(byExit.map((found, index) => [found![1]!, shares[index]!]));
}

/** 0 to 1 */
function shareIn(text: string): number | undefined {
  const share = /^\d*\.?\d+$/.test(text) ? Number(text) : Number.NaN;
  return share >= 0 && share <= 1 ? share : undefined;
}
