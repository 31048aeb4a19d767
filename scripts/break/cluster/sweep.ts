/** What is served, and the sweep of all trials: models of the nano run or of a folder, judged, with KL and loglikelihood, all on the server. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';

const NANO = join(import.meta.dirname, '..', '..', '..', 'eval-data', 'nano');
const JUDGE = 'judge';
const SORTED = 'soft';
/** Of a core that Ray counts: a node has one, and must hold all replicas when the others are lost. */
const CPUS = 0.1;
/** scripts/serve adds what answers HTTP. */
const HTTP_REPLICAS = 1;

/** What the sweep is made of. */
interface Material {
  /** Folder of checkpoints, each by its name. */
  readonly checkpoints: string;
  readonly data: string;
  /** Whether `judge` is among the checkpoints. */
  readonly isJudged: boolean;
}

const OF_NANO: Material = {
  checkpoints: join(NANO, 'models'),
  data: join(NANO, 'data', 'test.json'),
  isJudged: true,
};

export interface SweepSize extends Material {
  readonly instructions: number;
  /** Default: all. */
  readonly exits?: readonly number[];
  /** The sorted model is compared with each of the others. */
  readonly models: readonly string[];
  /** [model, reference] of each KL curve. */
  readonly curves: readonly (readonly [string, string])[];
}

/** A part that takes a minute. */
export const SMALL = { ...OF_NANO, models: ['sft', SORTED], curves: [[SORTED, 'sft']] } as const;

/** All of the nano run but its speeds. */
export const WHOLE: SweepSize = {
  ...OF_NANO,
  instructions: 170,
  models: ['sft', SORTED, 'early-exit'],
  curves: [
    [SORTED, 'sft'],
    ['sft', SORTED],
    [SORTED, SORTED],
    ['sft', 'sft'],
    ['early-exit', 'early-exit'],
  ],
};

/** The same of checkpoints `sft` and `soft` of a folder, judged if it has a `judge`. */
export function sizeOf(checkpoints: string, data: string, instructions: number): SweepSize {
  return {
    ...{ checkpoints: resolve(checkpoints), data: resolve(data), instructions },
    isJudged: existsSync(join(checkpoints, JUDGE)),
    models: ['sft', SORTED],
    curves: [
      [SORTED, 'sft'],
      ['sft', SORTED],
    ],
  };
}

/** What is asked most also lies on a node that can be lost; the others have one, since every process takes its time to start. */
const ON_EVERY_NODE = [SORTED, JUDGE];

/** @returns how many replicas there will be over all */
export function writeServeFile(
  folder: string,
  { checkpoints, models: names, isJudged }: SweepSize,
  nodes: number,
): { path: string; replicas: number } {
  const path = join(folder, 'serve.yaml');
  const served = (name: string, options = {}) => ({
    ...{ path: join(checkpoints, name), cpus: CPUS, ...options },
    replicas: ON_EVERY_NODE.includes(name) ? nodes : 1,
  });
  const models = Object.fromEntries(names.map((name) => [name, served(name)]));
  const judges = isJudged ? { [JUDGE]: served(JUDGE, { limits: { rows: 128 } }) } : {};
  writeFileSync(path, stringify({ host: '0.0.0.0', models, judges }));
  const all = [...Object.values(models), ...Object.values(judges)];
  return { path, replicas: all.reduce((sum, { replicas }) => sum + replicas, HTTP_REPLICAS) };
}

/** @returns path of the sweep file; its output is `out` beside it */
export function writeServedSweep(folder: string, baseUrl: string, size: SweepSize): string {
  const server = { baseUrl, concurrency: 16 };
  return writeSweep(folder, (model) => ({ server, model }), size);
}

/** The same on this machine's engine. */
export function writeLocalSweep(folder: string, size: SweepSize): string {
  return writeSweep(folder, (name) => ({ path: join(size.checkpoints, name) }), size);
}

function writeSweep(
  folder: string,
  sourceOf: (name: string) => object,
  { data, isJudged, instructions, exits, models, curves }: SweepSize,
): string {
  mkdirSync(folder, { recursive: true });
  const modelOf = (name: string) => ({ ...sourceOf(name), ...(exits && { exits: [...exits] }) });
  const sweep = {
    name: 'served',
    instructions: data,
    limit: instructions,
    models: Object.fromEntries(models.map((name) => [name, modelOf(name)])),
    generation: { maxNewTokens: 48 },
    ...(isJudged && {
      comparisons: models.filter((name) => name !== SORTED).map((b) => ({ a: SORTED, b })),
      judge: { ...sourceOf(JUDGE), decoding: 'beams' },
    }),
    kl: { positions: 20, curves: curves.map(([model, reference]) => ({ model, reference })) },
    speed: { batchSizes: [] },
    output: 'out',
  };
  const path = join(folder, 'sweep.yaml');
  writeFileSync(path, stringify(sweep));
  return path;
}
