/** Keys of the sweep file that several sources share. */

import { z } from 'zod';
import { STRIPPED_PARTS } from '../data/answers/answer-of.ts';
import { missingKeyHint } from '../data/schema/schema-hints.ts';
import { schemaWords } from '../data/schema/schema-words.ts';
import { DEFAULT_PROTOCOL, PROTOCOL_NAMES } from '../judge/protocols/protocols.ts';
import { areAscending } from '../model/checkpoint/exits-file.ts';
import { PRECISIONS } from '../model/quantise/precision.ts';

export const name = z.string().min(1);
export const count = z.int().positive();

export const exitsSchema = z.array(count).min(1).refine(areAscending, 'exits in ascending order');

export const label = name.optional().describe('Name in figures and tables.');

export const base = name
  .optional()
  .describe(
    'The checkpoint that the LoRA adapter at `path` was trained on; the two are merged at the import. Relative to the sweep file.',
  );

export const precision = z
  .enum(PRECISIONS)
  .optional()
  .describe(
    'Precision that the weights of a checkpoint are imported at; a model folder must already have it. Default for a checkpoint: `fp32`.',
  );

/** Of a judge that decodes beams. */
export const beamRule = z
  .enum(['transformers-4.28', 'transformers-4.36'])
  .default('transformers-4.28')
  .describe('How `beams` ranks finished texts: as the transformers that PandaLM pins, or as later versions.');

/** Of a judge. */
export const judgeTokens = count
  .optional()
  .describe('Tokens that the judge writes at most. Default: 512 with `pandalm`, 2048 with `mt-bench`.');

export const strip = z
  .array(z.enum(STRIPPED_PARTS))
  .default([])
  .describe(
    'What is taken out of the judge’s texts before they are read: `thoughts` (`<think> … </think>` and its like before a verdict), `echo` (a prompt that the server repeats). Default: nothing; both are counted.',
  );

export const protocol = z
  .enum(PROTOCOL_NAMES)
  .default(DEFAULT_PROTOCOL)
  .describe(
    'The prompt that the judge reads and the form of its verdicts: `pandalm` (verdict first, then reason and reference) or `mt-bench` (FastChat’s `pair-v2`: explanation first, then `[[A]]`, `[[B]]` or `[[C]]`).',
  );

/** Keys are exits: numbers of layers. */
export function byExit<S extends z.ZodType>(value: S) {
  return z
    .record(z.string().regex(/^[1-9]\d{0,5}$/, 'an exit (a number of layers)'), value)
    .refine((exits) => Object.keys(exits).length > 0, 'at least one exit');
}

interface Choice {
  readonly key: string;
  readonly schema: z.ZodType;
}

/** One of several objects, chosen by the one key that it alone has; errors are then about that object. */
export function oneOf<Output>(choices: readonly Choice[]): z.ZodType<Output> {
  const keys = choices.map(({ key }) => key);
  return z
    .record(z.string(), z.unknown(), { error: `an object with one of the keys ${keys.join(', ')}` })
    .transform((value, context): Output => {
      const [choice, ...others] = choices.filter(({ key }) => key in value);
      if (choice === undefined || others.length > 0) {
        const hint = missingKeyHint(Object.keys(value), keys);
        context.addIssue({
          code: 'custom',
          message: `exactly one of the keys ${keys.join(', ')}`,
          params: { hint: choice === undefined ? hint : '' },
        });
        return z.NEVER;
      }
      const result = choice.schema.safeParse(value, { error: schemaWords });
      if (result.success) return result.data as Output;
      for (const issue of result.error.issues) context.addIssue({ ...issue });
      return z.NEVER;
    });
}
