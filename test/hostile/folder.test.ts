import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { refusalOf, runMain } from '../cli/run.ts';
import { writeInstructions, writeSweep } from '../evaluate/trio.ts';
import { importRandomModel } from '../support/random-model.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { graphFlips, wrongFiles } from './folder-cases.ts';
import { damagedCopy, type HostileCase, named } from './hostile-case.ts';
import { contradictions, graphContradictions, wrongNames, wrongNumbers } from './manifest-cases.ts';
import { wrongTexts } from './text-cases.ts';

const root = tempFolder();
const intact = importRandomModel(root, 'intact', {
  layers: 2,
  exits: [1, 2],
  contextLength: 640,
}).modelFolder;
writeInstructions(root, 1);
const sweep = writeSweep(root, {
  models: { damaged: { path: 'damaged' } },
  comparisons: [],
  kl: undefined,
  judge: undefined,
  speed: undefined,
});

afterEach(() => {
  for (const name of ['damaged', 'out']) rmSync(join(root, name), { recursive: true, force: true });
});

async function generateDamaged(hostile: HostileCase) {
  damagedCopy(intact, root, hostile);
  return runMain(['generate', sweep]);
}

it('an intact model folder answers', async () => {
  const ended = await generateDamaged({ name: 'intact', change: () => {} });
  expect(ended.code, ended.stderr).toBe(0);
});

it.each(named(graphContradictions()))('a model folder is refused at its first run: %s', async (_, damage) => {
  const { code, stderr } = await generateDamaged(damage);
  expect(code).toBe(2);
  expect(stderr.split('\n').slice(-2)[0]).toMatch(
    /^sorted-eval: .*onnx: expected a graph that ONNX Runtime runs, found/,
  );
});

describe.each([
  ['files', wrongFiles(readdirSync(intact))],
  ['graphs', graphFlips(intact, 50)],
  ['model.json', wrongTexts(['model.json'])],
  ['names', wrongNames()],
  ['numbers', wrongNumbers()],
  ['contradictions', contradictions()],
])('a model folder is refused in one line before it answers, for its %s:', (_kind, hostile) => {
  it.each(named(hostile))('%s', async (_name, damage) => {
    const line = refusalOf(await generateDamaged(damage));
    expect(line.length).toBeLessThan(2500);
    expect(line).toMatch(damage.said ?? /./);
    expect(existsSync(join(root, 'out', 'results.db'))).toBe(false);
  });
});
