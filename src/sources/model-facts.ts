/** What the sweep file says of a model that is elsewhere: nobody else can. */

import { z } from 'zod';
import { MODEL_KINDS } from '../core/domain.ts';
import { InputError } from '../core/errors.ts';
import { count } from './schema-parts.ts';

const some = z.int().nonnegative();

export const factKeys = {
  kind: z
    .enum(MODEL_KINDS)
    .optional()
    .describe('Kind of model: needed to be compared with published cells. Default: not known.'),
  layers: count
    .optional()
    .describe('Layers of the whole model, of which its exits are a part. Default: its last exit.'),
  parameters: z
    .strictObject({
      body: count.describe('Of all layers and the final norm.'),
      embedding: count.describe('Of the token embedding.'),
      head: some.default(0).describe('Of the head; 0 where it is tied to the embedding.'),
      extraHeads: some.default(0).describe('Of the early exits’ own heads.'),
    })
    .optional()
    .describe('Parameters, for the memory figure. Default: not known.'),
};

const facts = z.object(factKeys);
export type ModelFacts = z.output<typeof facts>;

/**
 * @param where `models.soft`
 * @throws InputError `bad-config` for fewer layers than an exit has
 */
export function modelFacts(
  { kind, layers, parameters }: ModelFacts,
  exits: readonly number[],
  where: string,
): ModelFacts {
  const last = Math.max(...exits);
  if (layers !== undefined && layers < last) throw tooFewLayers(`${where}.layers`, layers, last);
  return { kind, layers, parameters };
}

function tooFewLayers(where: string, found: number, last: number): InputError {
  return new InputError({
    code: 'bad-config',
    where,
    expected: `at least ${last} layers, of which its last exit is made`,
    found: `${found}`,
    fix: 'Give the layers of the whole model.',
  });
}
