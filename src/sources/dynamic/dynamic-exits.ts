/** Depths that are chosen token by token, among the exits of a model in the sweep file. */
import { z } from 'zod';
import { CONFIDENCES, SKIPPED_LAYERS } from '../../engine/dynamic/adaptive-settings.ts';
import { areAscending } from '../../model/checkpoint/exits-file.ts';
import { byExit, count } from '../schema-parts.ts';
import { type NamedDynamic, namedDynamic } from './dynamic-names.ts';

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
type ModelExit = number | z.output<typeof dynamicExit>;

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

export function numbersAmong(exits: readonly ModelExit[]): number[] {
  return exits.filter((exit) => typeof exit === 'number');
}

export function dynamicAmong(exits: readonly ModelExit[]): NamedDynamic[] {
  return exits.flatMap((exit) => (typeof exit === 'number' ? [] : [namedDynamic(exit)]));
}

const areDistinct = (names: readonly string[]) => new Set(names).size === names.length;
