/** What is served, and the sweep of all trials: models of the nano run, judged, with KL and loglikelihood, all on the server. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

const NANO = join(import.meta.dirname, '..', '..', '..', 'eval-data', 'nano');
const JUDGE = 'judge';
const SORTED = 'soft';
/** Of a core that Ray counts: a node has one, and must hold all replicas when the others are lost. */
const CPUS = 0.1;
/** scripts/serve adds what answers HTTP. */
const HTTP_REPLICAS = 1;

export interface SweepSize {
  readonly instructions: number;
  /** Default: all. */
  readonly exits?: readonly number[];
  /** The sorted model is compared with each of the others. */
  readonly models: readonly string[];
  /** [model, reference] of each KL curve. */
  readonly curves: readonly (readonly [string, string])[];
}

/** A part that takes a minute. */
export const SMALL = { models: ['sft', SORTED], curves: [[SORTED, 'sft']] } as const;

/** All of the nano run but its speeds. */
export const WHOLE: SweepSize = {
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

/** What is asked most also lies on a node that can be lost; the others have one, since every process takes its time to start. */
const ON_EVERY_NODE = [SORTED, JUDGE];

/**
 * @param models beside the judge
 * @returns how many replicas there will be over all
 */
export function writeServeFile(
  folder: string,
  names: readonly string[],
  nodes: number,
): { path: string; replicas: number } {
  const path = join(folder, 'serve.yaml');
  const served = (name: string, options = {}) => ({
    ...{ path: checkpointOf(name), cpus: CPUS, ...options },
    replicas: ON_EVERY_NODE.includes(name) ? nodes : 1,
  });
  const models = Object.fromEntries(names.map((name) => [name, served(name)]));
  const judges = { [JUDGE]: served(JUDGE, { limits: { rows: 128 } }) };
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
  return writeSweep(folder, (name) => ({ path: checkpointOf(name) }), size);
}

const checkpointOf = (name: string) => join(NANO, 'models', name);

function writeSweep(
  folder: string,
  sourceOf: (name: string) => object,
  { instructions, exits, models, curves }: SweepSize,
): string {
  mkdirSync(folder, { recursive: true });
  const modelOf = (name: string) => ({ ...sourceOf(name), ...(exits && { exits: [...exits] }) });
  const sweep = {
    name: 'nano',
    instructions: join(NANO, 'data', 'test.json'),
    limit: instructions,
    models: Object.fromEntries(models.map((name) => [name, modelOf(name)])),
    comparisons: models.filter((name) => name !== SORTED).map((b) => ({ a: SORTED, b })),
    generation: { maxNewTokens: 48 },
    judge: { ...sourceOf(JUDGE), decoding: 'beams' },
    kl: { positions: 20, curves: curves.map(([model, reference]) => ({ model, reference })) },
    output: 'out',
  };
  const path = join(folder, 'sweep.yaml');
  writeFileSync(path, stringify(sweep));
  return path;
}
