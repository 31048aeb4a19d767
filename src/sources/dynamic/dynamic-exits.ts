/** Depths that are chosen token by token, among the exits of a model in the sweep file. */
import { z } from 'zod';
import { CONFIDENCES, SKIPPED_LAYERS } from '../../engine/dynamic/adaptive-settings.ts';
import type { DynamicSettings } from '../../engine/dynamic/generate-any.ts';
import { areAscending } from '../../model/checkpoint/exits-file.ts';
import { byExit, count } from '../schema-parts.ts';

const share = z.number().min(0).max(1);
const adaptive = z.union([
  share,
  z.strictObject({
    threshold: z.union([share, byExit(share)]),
    confidence: z.enum(CONFIDENCES).optional(),
    skipped: z.enum(SKIPPED_LAYERS).optional(),
  }),
]);
const dynamicExit = z.union(
  [
    z.strictObject({ adaptive }),
    z.strictObject({ speculative: z.strictObject({ draft: count, tokens: count }) }),
  ],
  { error: 'a number of layers, {adaptive: …} or {speculative: {draft, tokens}}' },
);
type DynamicExit = z.output<typeof dynamicExit>;
type ModelExit = number | DynamicExit;

/** Exits of a model that runs in this process. */
export const modelExitsSchema = z
  .array(
    z.union([count, dynamicExit], {
      error: 'a number of layers, {adaptive: …} or {speculative: {draft, tokens}}',
    }),
  )
  .refine((exits) => numbersAmong(exits).length > 0, 'at least one exit as a number of layers')
  .refine((exits) => areAscending(numbersAmong(exits)), 'exits in ascending order')
  .refine((exits) => areDistinct(dynamicAmong(exits).map(({ name }) => name)), 'every dynamic exit once');

/** A dynamic exit with its name, such as `adaptive:0.9` or `speculative:12:4`. */
export interface NamedDynamic {
  readonly name: string;
  readonly settings: DynamicSettings;
}

export function numbersAmong(exits: readonly ModelExit[]): number[] {
  return exits.filter((exit) => typeof exit === 'number');
}

export function dynamicAmong(exits: readonly ModelExit[]): NamedDynamic[] {
  return exits.flatMap((exit) => (typeof exit === 'number' ? [] : [named(exit)]));
}

function named(exit: DynamicExit): NamedDynamic {
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

function thresholdText(threshold: number | Readonly<Record<string, number>>): string {
  if (typeof threshold === 'number') return `${threshold}`;
  return Object.entries(threshold)
    .map(([exit, value]) => `${exit}=${value}`)
    .join(',');
}

const areDistinct = (names: readonly string[]) => new Set(names).size === names.length;
