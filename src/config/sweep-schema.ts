import { z } from 'zod';
import { DEFAULT_MARGIN, LONG_PROMPTS, MALFORMED_RULES, MAX_REPETITIONS, POLICIES } from '../core/domain.ts';
import { STRIPPED_PARTS } from '../data/answers/answer-of.ts';
import { type Column, DUPLICATE_RULES, TURN_RULES } from '../data/instruction-files/record-options.ts';
import { answerKeys, needsBeams } from '../sources/decoding/answer-keys.ts';
import { count, exitsSchema as exits } from '../sources/schema-parts.ts';
import { judgeSchema, modelSchema } from '../sources/sources.ts';

const key = z.string().min(1).optional();
/** LlamaFactory's names. */
const columns = z.strictObject({
  prompt: key.describe('Key that holds the instruction.'),
  query: key.describe('Key that holds the input.'),
  response: key.describe('Key that holds the known answer.'),
  system: key.describe('Key that holds the system text.'),
  history: key.describe('Key that holds earlier turns: a list of [user, response].'),
  messages: key.describe('Key that holds a conversation.'),
} satisfies Record<Column, z.ZodType>);

const records = z.strictObject({
  turns: z
    .enum(TURN_RULES)
    .default('refuse')
    .describe(
      'What happens to a record of several turns: `refuse` ends the run, `first` asks the first turn alone.',
    ),
  duplicates: z
    .enum(DUPLICATE_RULES)
    .default('refuse')
    .describe(
      'What happens to records that ask the same: `refuse` ends the run, `first` reads the first of them.',
    ),
  ignoreKeys: z
    .array(z.string().min(1))
    .default([])
    .describe('Keys of the records that are left out, whatever they hold.'),
  columns: columns
    .prefault({})
    .describe('What the file’s own keys hold, where they are not those of a format.'),
});

const comparison = z.strictObject({
  a: z.string().describe('Name of model a; its response stands in slot 1 of order `ab`.'),
  b: z.string().describe('Name of model b.'),
  exitsA: exits.optional().describe('Exits of a that are compared. Default: all of them.'),
  exitsB: exits.optional().describe('Exits of b that are compared. Default: all of them.'),
});

const generationKeys = z.strictObject({
  ...answerKeys,
  maxNewTokens: count.default(256).describe('Tokens of a response at most.'),
  batchSize: count
    .default(32)
    .describe(
      'Responses (with `beams`: beams) that a model in this process decodes together; changes the speed, never a response.',
    ),
  onLongPrompt: z
    .enum(LONG_PROMPTS)
    .default('skip')
    .describe(
      'What happens to a prompt that leaves no room in the model’s context: `skip` gives it the state `prompt_too_long`, in which it is counted and not judged; `fail` refuses the sweep before anything is computed, or stops it where a server finds it; `cut` takes so much from the end of the input that `maxNewTokens` fit, and skips what does not fit without an input, or is a server’s.',
    ),
  strip: z
    .array(z.enum(STRIPPED_PARTS))
    .default([])
    .describe(
      'What is taken out of responses: `thoughts` (`<think> … </think>` and its like before an answer), `echo` (a prompt that a response begins with). Default: nothing; both are counted.',
    ),
});
const generation = generationKeys.refine(...needsBeams);

const curve = z.strictObject({
  model: z.string().describe('Name of the model whose exits are measured.'),
  reference: z
    .string()
    .describe('Name of the reference model, with the same vocabulary; its responses are the texts measured.'),
  referenceExit: count
    .optional()
    .describe('Exit of the reference model. Default: full depth, which must then be among its exits.'),
});

const kl = z.strictObject({
  positions: count.default(20).describe('Output tokens of each response that are measured, from its first.'),
  curves: z.array(curve).describe('KL curves, each of all exits of one model.'),
});

const likelihood = z.strictObject({
  reference: z.string().describe('Name of the scorer model; one that runs in this process.'),
  referenceExit: count
    .optional()
    .describe('Exit of the scorer model. Default: full depth, which must then be among its exits.'),
});

const speed = z.strictObject({
  batchSizes: z
    .array(count)
    .default([1, 16])
    .describe('Numbers of responses that decode together, each timed at every exit. `[]`: nothing is timed.'),
  steps: count.default(64).describe('Decoding steps that are timed, divided among the repetitions.'),
  repetitions: count
    .max(MAX_REPETITIONS)
    .default(10)
    .describe(
      'Rounds in which every exit of every model has its turn; their median is the speed. Fewer than 6 give no interval.',
    ),
});

const limits = z.strictObject({
  malformedShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe('Share of malformed verdicts, from 0 to 1, above which a run fails its check.'),
});

/**
 * Every key of a sweep file; docs/sweep-file.md is generated from it and from the lists of
 * `sources/sources.ts`.
 */
export const sweepSchema = z.strictObject({
  name: z.string().min(1).describe('Name of the run in the results file.'),
  instructions: z
    .string()
    .min(1)
    .describe(
      'Instruction set: a JSON array or JSON Lines in one of the formats of instruction-files.md; relative to the sweep file.',
    ),
  records: records
    .prefault({})
    .describe('How the records of the instruction set are read (instruction-files.md).'),
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
    .describe(
      'How the verdicts of both orders of a pair become one count in figures and summaries; metrics.md names rule and source of each.',
    ),
  malformed: z
    .enum(MALFORMED_RULES)
    .default('dropped')
    .describe(
      'What a malformed verdict counts as: `dropped` keeps it in the total as a class of its own, `tie` counts it as a tie, as PandaLM’s code does.',
    ),
  margin: z
    .number()
    .gt(0)
    .max(1)
    .default(DEFAULT_MARGIN)
    .describe(
      'By how much an exit may be worse than a model at full depth and still count as *not worse* in the headline of the results page, in units of the score, or of exact match (metrics.md).',
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
      'The model that scores how likely each response is. Default: the reference of the first KL curve, else the first SFT model, else the first model in this process, of those with full depth among their exits; none if none has.',
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
