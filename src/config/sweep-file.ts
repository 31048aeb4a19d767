import { dirname, resolve } from 'node:path';
import { InputError } from '../core/errors.ts';
import { checkSchema, readText } from '../data/json-file.ts';
import { MAX_YAML_BYTES, parsePlainYaml } from '../data/plain-yaml.ts';
import { nearestHint } from '../data/schema/schema-hints.ts';
import { judgeIn, modelIn, requireDecodings } from '../sources/sources.ts';
import { type SweepConfig, sweepSchema } from './sweep-schema.ts';

export { type CurveConfig, type SweepConfig, sweepSchema } from './sweep-schema.ts';

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
  const fix = 'Name a sweep file, such as eval-data/nano/sweep.yaml.';
  const value = parsePlainYaml(readText(path, fix, MAX_YAML_BYTES), { path, fix: FIX });
  const written = checkSchema(value, sweepSchema, { path, fix: FIX, code: 'bad-config' });
  checkNames(written, path);
  checkRepeated(written, path);
  checkJudge(written, path);
  requireDecodings(written.models, written.generation);
  return { written, config: withAbsolutePaths(written, dirname(resolve(path))) };
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
      fix: `${nearestHint(name, known)} Correct the name, or add the model.`.trimStart(),
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
