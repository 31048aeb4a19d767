import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { MALFORMED_RULES, POLICIES } from '../core/domain.ts';
import { InputError } from '../core/errors.ts';
import { checkSchema, readText } from '../data/json-file.ts';
import { exitsSchema as exits } from '../sources/schema-parts.ts';
import { judgeIn, judgeSchema, modelIn, modelSchema } from '../sources/sources.ts';

const count = z.int().positive();

const comparison = z.strictObject({
  a: z.string().describe('Name of model a; its response stands in slot 1 of order `ab`.'),
  b: z.string().describe('Name of model b.'),
  exitsA: exits.optional().describe('Exits of a that are compared. Default: all of them.'),
  exitsB: exits.optional().describe('Exits of b that are compared. Default: all of them.'),
});

const generation = z.strictObject({
  maxNewTokens: count.default(256).describe('Tokens of a response at most.'),
  batchSize: count
    .default(32)
    .describe(
      'Responses that a model in this process decodes together; changes the speed, never a response.',
    ),
});

const curve = z.strictObject({
  model: z.string().describe('Name of the model whose exits are measured.'),
  reference: z
    .string()
    .describe('Name of the reference model, with the same vocabulary; its responses are the texts measured.'),
  referenceExit: count.optional().describe('Exit of the reference model. Default: its last.'),
});

const kl = z.strictObject({
  positions: count.default(20).describe('Output tokens of each response that are measured, from its first.'),
  curves: z.array(curve).describe('KL curves, each of all exits of one model.'),
});

const likelihood = z.strictObject({
  reference: z.string().describe('Name of the scorer model; one that runs in this process.'),
  referenceExit: count.optional().describe('Exit of the scorer model. Default: its last.'),
});

const speed = z.strictObject({
  batchSizes: z
    .array(count)
    .min(1)
    .default([1, 16])
    .describe('Numbers of responses that decode together, each timed at every exit.'),
  steps: count.default(64).describe('Decoding steps that are timed.'),
});

const limits = z.strictObject({
  malformedShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe('Share of malformed verdicts, from 0 to 1, above which a run fails its check.'),
});

/** Every key of a sweep file; docs/sweep-file.md is generated from it and from the lists of `sources/sources.ts`. */
export const sweepSchema = z.strictObject({
  name: z.string().min(1).describe('Name of the run in the results file.'),
  instructions: z
    .string()
    .min(1)
    .describe('Instruction set: a JSON array or JSON Lines; relative to the sweep file.'),
  limit: count.optional().describe('Number of instructions used, from the first. Default: all.'),
  models: z
    .record(
      // A folder beside the results gets this name: no `..`, no hidden ones.
      z.string().regex(/^[A-Za-z0-9][\w.-]*$/, 'a model name of letters, digits, ".", "_", "-"'),
      modelSchema,
    )
    .refine((models) => Object.keys(models).length > 0, 'at least one model')
    .describe('Models by name; each is a model folder, a server or a recorded file.'),
  comparisons: z.array(comparison).default([]).describe('Pairs of models that the judge compares.'),
  generation: generation.prefault({}).describe('How responses are generated.'),
  judge: judgeSchema
    .optional()
    .describe('The judge: a model folder, a server or a recorded file; needed for comparisons.'),
  policy: z
    .enum(POLICIES)
    .default('average')
    .describe('How the verdicts of both orders of a pair become one count in figures and summaries.'),
  malformed: z
    .enum(MALFORMED_RULES)
    .default('dropped')
    .describe(
      'What a malformed verdict counts as: `dropped` keeps it in the total as a class of its own, `tie` counts it as a tie, as PandaLM’s code does.',
    ),
  identical: z
    .enum(['ask', 'tie'])
    .default('ask')
    .describe(
      'What happens to two identical responses: `ask` has the judge read them, as PandaLM does; `tie` counts a tie without the judge.',
    ),
  kl: kl
    .optional()
    .describe('KL divergence of exits from a reference model, by output position. Default: none.'),
  likelihood: likelihood
    .optional()
    .describe(
      'The model that scores how likely each response is. Default: the reference of the first KL curve, else the first SFT model, else the first model in this process.',
    ),
  speed: speed.prefault({}).describe('How decoding speed is measured.'),
  limits: limits.prefault({}).describe('When a run fails its checks.'),
  seed: z.int().nonnegative().default(1).describe('Seed of the bootstrap over instructions.'),
  output: z
    .string()
    .min(1)
    .describe('Folder of the results file, figures and imported models; relative to the sweep file.'),
});

export type SweepConfig = z.output<typeof sweepSchema>;
export type CurveConfig = NonNullable<SweepConfig['kl']>['curves'][number];

/** A checked sweep file. */
export interface SweepFile {
  /** As written, defaults filled in; the same on every machine. */
  readonly written: SweepConfig;
  /** The same with its paths made absolute. */
  readonly config: SweepConfig;
}

const FIX = 'See docs/sweep-file.md for every key.';

/**
 * Reads a sweep file. Paths in it are relative to the file.
 * @throws InputError `not-found`, or `bad-config` naming the key
 */
export function readSweepConfig(path: string): SweepFile {
  const value = parseYaml(readText(path, 'Name a sweep file, such as eval-data/nano/sweep.yaml.'), path);
  const written = checkSchema(value, sweepSchema, { path, fix: FIX, code: 'bad-config' });
  checkNames(written, path);
  checkRepeated(written, path);
  checkJudge(written, path);
  return { written, config: withAbsolutePaths(written, dirname(resolve(path))) };
}

function parseYaml(text: string, path: string): unknown {
  try {
    return parse(text, { logLevel: 'error' });
  } catch (cause) {
    const found = (cause as Error).message.split('\n', 1)[0]!.replace(/:$/, '');
    throw new InputError({ code: 'bad-config', where: path, expected: 'YAML', found, fix: FIX, cause });
  }
}

/** Comparisons and curves may only name models of the file. */
function checkNames(config: SweepConfig, path: string): void {
  const known = Object.keys(config.models);
  const check = (name: string, key: string) => {
    if (known.includes(name)) return;
    throw new InputError({
      code: 'bad-config',
      where: `${path}: ${key}`,
      expected: `one of the models ${known.join(', ')}`,
      found: JSON.stringify(name),
      fix: 'Correct the name, or add the model.',
    });
  };
  for (const [index, { a, b }] of config.comparisons.entries()) {
    check(a, `comparisons.${index}.a`);
    check(b, `comparisons.${index}.b`);
  }
  for (const [index, { model, reference }] of (config.kl?.curves ?? []).entries()) {
    check(model, `kl.curves.${index}.model`);
    check(reference, `kl.curves.${index}.reference`);
  }
  if (config.likelihood) check(config.likelihood.reference, 'likelihood.reference');
}

/** Found here, and not when all answers are generated. */
function checkJudge({ comparisons, judge }: SweepConfig, path: string): void {
  if (comparisons.length === 0 || judge) return;
  throw new InputError({
    code: 'bad-config',
    where: `${path}: judge`,
    expected: 'a judge for the comparisons',
    found: 'none',
    fix: 'Add `judge: {path: …}`, or leave out the comparisons.',
  });
}

/** A comparison or curve has no other name than that of its models. */
function checkRepeated({ comparisons, kl }: SweepConfig, path: string): void {
  const lists = {
    comparisons: comparisons.map(({ a, b }) => `${a} against ${b}`),
    'kl.curves': (kl?.curves ?? []).map(
      (curve) => `${curve.model} from ${curve.reference}@${curve.referenceExit}`,
    ),
  };
  for (const [key, names] of Object.entries(lists)) {
    const index = names.findIndex((name, position) => names.indexOf(name) < position);
    if (index === -1) continue;
    throw new InputError({
      code: 'bad-config',
      where: `${path}: ${key}.${index}`,
      expected: 'every pair of models once',
      found: `${names[index]} twice`.replace('@undefined', ''),
      fix: 'Remove one of the two.',
    });
  }
}

function withAbsolutePaths(config: SweepConfig, folder: string): SweepConfig {
  const models = Object.entries(config.models).map(([name, model]) => [name, modelIn(folder, model)]);
  return {
    ...config,
    instructions: resolve(folder, config.instructions),
    models: Object.fromEntries(models),
    ...(config.judge ? { judge: judgeIn(folder, config.judge) } : {}),
    output: resolve(folder, config.output),
  };
}
