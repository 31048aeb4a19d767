import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readSweepConfig } from '../../src/config/sweep-file.ts';
import { sweepOutlook } from '../../src/evaluate/outlook/sweep-outlook.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = join(import.meta.dirname, '..', '..');
const FOLDER = join(root, 'eval-data', 'llama-2-13b');
const SBATCH = join(root, 'scripts', 'cluster', 'serve.sbatch');
const hasShellCheck = spawnSync('shellcheck', ['--version']).status === 0;
const read = (...path: string[]) => parse(readFileSync(join(root, ...path), 'utf8'), { merge: true });

describe('the sweep of LLaMA-2-13B', () => {
  it('has the plan that lies beside it, without server and weights', async () => {
    const folder = tempFolder();
    cpSync(FOLDER, folder, { recursive: true });
    mkdirSync(join(folder, 'data'), { recursive: true });
    const records = Array.from({ length: 170 }, (_, index) => ({
      instruction: `Say ${index}.`,
      input: '',
      output: '',
    }));
    writeFileSync(join(folder, 'data', 'testset-inference-v1.json'), JSON.stringify(records));
    const { config } = readSweepConfig(join(folder, 'sweep.yaml'));
    const plan = JSON.parse(readFileSync(join(FOLDER, 'plan.json'), 'utf8'));
    expect(JSON.parse(JSON.stringify(await sweepOutlook(config, {})))).toEqual(plan);
    expect(plan.models.map(({ answers }: { answers: number }) => answers)).toEqual([1360, 1360, 1360]);
    expect(plan.verdicts.pairs).toBe(2 * 2 * 64 * 170);
  });

  it('asks for models and exits that its server has, on eight GPUs', () => {
    const { models, judges } = read('eval-data', 'llama-2-13b', 'serve.yaml');
    const { config } = readSweepConfig(join(FOLDER, 'sweep.yaml'));
    expect(Object.keys(config.models)).toEqual(Object.keys(models));
    expect(config.judge).toMatchObject({ model: Object.keys(judges)[0], decoding: 'beams' });
    for (const model of Object.values(config.models))
      expect(model).toMatchObject({ exits: models.soft.exits });
    const served = Object.values({ ...models, ...judges }) as { gpus: number; replicas: number }[];
    expect(served.reduce((sum, { gpus, replicas }) => sum + gpus * replicas, 0)).toBe(8);
  });
});

describe('the files for clusters', () => {
  it('are a batch script that bash can read', () => {
    expect(spawnSync('bash', ['-n', SBATCH], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
  });

  it.skipIf(!hasShellCheck)('are a batch script that ShellCheck finds nothing in', () => {
    expect(spawnSync('shellcheck', [SBATCH], { encoding: 'utf8' })).toMatchObject({ status: 0, stdout: '' });
  });

  it('are a manifest that starts the application of scripts/serve', () => {
    const { apiVersion, kind, spec } = read('scripts', 'cluster', 'kuberay.yaml');
    expect([apiVersion, kind]).toEqual(['ray.io/v1', 'RayJob']);
    expect(spec.entrypoint).toContain('scripts/serve/on_ray.py');
    const requirements = readFileSync(join(root, 'scripts', 'serve', 'requirements-ray.txt'), 'utf8');
    expect(requirements).toContain(`==${spec.rayClusterSpec.rayVersion}`);
  });
});
