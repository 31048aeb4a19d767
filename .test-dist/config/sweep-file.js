import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { MALFORMED_RULES, POLICIES } from '../core/domain.js';
import { InputError } from '../core/errors.js';
import { checkSchema, readText } from '../data/json-file.js';
import { exitsSchema as exits, judgeIn, judgeSchema, modelIn, modelSchema, } from '../sources/source-schemas.js';
const count = z.int().positive();
const sweepSchema = z.strictObject({
    name: z.string().min(1),
    instructions: z.string().min(1),
    /** Use the first so many instructions only. */
    limit: count.optional(),
    models: z
        .record(
    // A folder beside the results gets this name: no `..`, no hidden ones.
    z.string().regex(/^[A-Za-z0-9][\w.-]*$/, 'model names of letters, digits, ".", "_", "-"'), modelSchema)
        .refine((models) => Object.keys(models).length > 0, 'at least one model'),
    comparisons: z
        .array(z.strictObject({ a: z.string(), b: z.string(), exitsA: exits.optional(), exitsB: exits.optional() }))
        .default([]),
    generation: z.strictObject({ maxNewTokens: count.default(256), batchSize: count.default(32) }).prefault({}),
    judge: judgeSchema.optional(),
    policy: z.enum(POLICIES).default('average'),
    /** A malformed verdict stays in the total as a class of its own; PandaLM's code silently makes a `tie` of it. */
    malformed: z.enum(MALFORMED_RULES).default('dropped'),
    /** Two identical answers: upstream asks the judge; `tie` does not. */
    identical: z.enum(['ask', 'tie']).default('ask'),
    kl: z
        .strictObject({
        positions: count.default(20),
        curves: z.array(z.strictObject({ model: z.string(), reference: z.string(), referenceExit: count.optional() })),
    })
        .optional(),
    /** Whose last exit says how likely each answer is; without it the first curve's reference, or the first SFT model. */
    likelihood: z.strictObject({ reference: z.string(), referenceExit: count.optional() }).optional(),
    speed: z
        .strictObject({ batchSizes: z.array(count).min(1).default([1, 16]), steps: count.default(64) })
        .prefault({}),
    limits: z
        .strictObject({
        /** A run with a larger share of malformed verdicts fails its check. */
        malformedShare: z.number().min(0).max(1).default(0.05),
    })
        .prefault({}),
    seed: z.int().nonnegative().default(1),
    output: z.string().min(1),
});
const FIX = 'See eval-data/nano/sweep.yaml for every key.';
/**
 * Reads a sweep file. Paths in it are relative to the file.
 * @throws InputError `not-found`, or `bad-config` naming the key
 */
export function readSweepConfig(path) {
    const value = parseYaml(readText(path, 'Name a sweep file, such as eval-data/nano/sweep.yaml.'), path);
    const written = checkSchema(value, sweepSchema, { path, fix: FIX, code: 'bad-config' });
    checkNames(written, path);
    checkRepeated(written, path);
    checkJudge(written, path);
    return { written, config: withAbsolutePaths(written, dirname(resolve(path))) };
}
function parseYaml(text, path) {
    try {
        return parse(text, { logLevel: 'error' });
    }
    catch (cause) {
        const found = cause.message.split('\n', 1)[0].replace(/:$/, '');
        throw new InputError({ code: 'bad-config', where: path, expected: 'YAML', found, fix: FIX, cause });
    }
}
/** Comparisons and curves may only name models of the file. */
function checkNames(config, path) {
    const known = Object.keys(config.models);
    const check = (name, key) => {
        if (known.includes(name))
            return;
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
    if (config.likelihood)
        check(config.likelihood.reference, 'likelihood.reference');
}
/** Found here, and not when all answers are generated. */
function checkJudge({ comparisons, judge }, path) {
    if (comparisons.length === 0 || judge)
        return;
    throw new InputError({
        code: 'bad-config',
        where: `${path}: judge`,
        expected: 'a judge for the comparisons',
        found: 'none',
        fix: 'Add `judge: {path: …}`, or leave out the comparisons.',
    });
}
/** A comparison or curve has no other name than that of its models. */
function checkRepeated({ comparisons, kl }, path) {
    const lists = {
        comparisons: comparisons.map(({ a, b }) => `${a} against ${b}`),
        'kl.curves': (kl?.curves ?? []).map((curve) => `${curve.model} from ${curve.reference}@${curve.referenceExit}`),
    };
    for (const [key, names] of Object.entries(lists)) {
        const index = names.findIndex((name, position) => names.indexOf(name) < position);
        if (index === -1)
            continue;
        throw new InputError({
            code: 'bad-config',
            where: `${path}: ${key}.${index}`,
            expected: 'every pair of models once',
            found: `${names[index]} twice`.replace('@undefined', ''),
            fix: 'Remove one of the two.',
        });
    }
}
function withAbsolutePaths(config, folder) {
    const models = Object.entries(config.models).map(([name, model]) => [name, modelIn(folder, model)]);
    return {
        ...config,
        instructions: resolve(folder, config.instructions),
        models: Object.fromEntries(models),
        ...(config.judge ? { judge: judgeIn(folder, config.judge) } : {}),
        output: resolve(folder, config.output),
    };
}
