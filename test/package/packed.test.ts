import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { declarationsHash } from '../../scripts/docs/api/declarations-hash.ts';
import { filesBelow } from '../cli/run.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { compileExamples, link, pack, REPOSITORY, runNode, type Tarball, unpackInto } from './packed.ts';

const folder = tempFolder();
const application = join(folder, 'application');
const sortedEval = (...args: string[]) =>
  runNode(application, join('sorted-eval', 'dist', 'bin.js'), ...args);
let tarball: Tarball;
let installed: string;

beforeAll(async () => {
  mkdirSync(application);
  tarball = await pack(folder);
  installed = await unpackInto(application, join(folder, tarball.filename));
}, 120_000);

describe('the tarball', () => {
  it('holds the program, the nano run and the published scores', () => {
    const paths = tarball.files.map(({ path }) => path);
    for (const path of [
      'dist/bin.js',
      'dist/index.js',
      'dist/index.d.ts',
      'dist/page/index.html',
      'eval-data/nano/sweep.yaml',
      'eval-data/nano/data/test.json',
      'eval-data/nano/models/early-exit/exit_heads.safetensors',
      ...['sft', 'soft', 'judge'].map((model) => `eval-data/nano/models/${model}/model.safetensors`),
      'eval-data/published/sorted-llama-table4.csv',
      'LICENSE',
      'README.md',
    ])
      expect(paths).toContain(path);
  });

  it('holds no sources, tests, logs, training data or results', () => {
    const needless =
      /^(src|test|scripts|reports)\/|^docs\/results\/.*(html|screens)|\/(logs|train\.json|validation\.json)|^(?!examples).*(?<!\.d)\.ts$|\.db/;
    expect(tarball.files.map(({ path }) => path).filter((path) => needless.test(path))).toEqual([]);
  });

  it('leaves the command of the checkout executable, as npx needs it', () => {
    expect(statSync(join(REPOSITORY, 'dist', 'bin.js')).mode & 0o111).toBe(0o111);
  });

  it('stays under 25 MB', () => {
    expect(tarball.size).toBeLessThan(25e6);
  });
});

describe('the unpacked package', () => {
  it('finds a working machine with the dependencies that it declares', async () => {
    const { stdout } = await sortedEval('doctor');
    expect(stdout).toMatch(/^This machine\n( {2}passed {2}.+\n){7}/);
  });

  it('writes the bundled run where the user is, and nothing into itself', async () => {
    const before = filesBelow(installed);
    await sortedEval('generate');
    const { stdout } = await sortedEval('report');
    expect(stdout).toContain('Run nano: 170 instructions');
    expect(existsSync(join(application, 'reports', 'nano', 'results.db'))).toBe(true);
    expect(filesBelow(installed)).toEqual(before);
  });

  it('runs a sweep of the bundled models to its figures', async () => {
    const nano = join('node_modules', 'sorted-eval', 'eval-data', 'nano');
    const sweep = {
      name: 'short',
      instructions: join(nano, 'data', 'test.json'),
      limit: 2,
      models: { soft: { path: join(nano, 'models', 'soft'), exits: [3, 10] } },
      comparisons: [{ a: 'soft', b: 'soft' }],
      judge: { path: join(nano, 'models', 'judge'), decoding: 'verdict-only' },
      kl: { positions: 2, curves: [{ model: 'soft', reference: 'soft' }] },
      speed: { batchSizes: [1], steps: 2 },
      output: 'short',
    };
    writeFileSync(join(application, 'short.yaml'), stringify(sweep));
    const { stdout } = await sortedEval('sweep', 'short.yaml');
    expect(stdout).toContain(join('short', 'scores.png'));
    expect(readdirSync(join(application, 'short')).filter((name) => name.endsWith('.png'))).toHaveLength(4);
  });
});

describe('the API page', () => {
  it('is made from the declarations that are packed; if not: npm run api', () => {
    const page = readFileSync(join(REPOSITORY, 'docs', 'api', 'README.md'), 'utf8');
    expect(page.split('\n', 1)[0]).toContain(`Input: ${declarationsHash(join(installed, 'dist'))}`);
  });

  it('and the page on the library name only what the installed package exports', async () => {
    const page = readFileSync(join(installed, 'docs', 'library.md'), 'utf8');
    const code = `import * as it from 'sorted-eval'; console.log(Object.keys(it).join())`;
    writeFileSync(join(application, 'names.mjs'), code);
    const names = (await runNode(application, join('..', 'names.mjs'))).stdout.trim().split(',');
    const declared = readFileSync(join(installed, 'dist', 'index.d.ts'), 'utf8');
    const named = [...page.matchAll(/`([a-z]\w*[A-Z]\w*|[A-Z]\w*[a-z]\w*)(?:\([^`]*\))?`/g)].map(
      ([, name]) => name!,
    );
    expect(named.length).toBeGreaterThan(10);
    for (const name of named) expect(names.includes(name) || declared.includes(name), name).toBe(true);
  });
});

describe('the examples', () => {
  const example = (name: string, ...args: string[]) =>
    runNode(application, join('..', `${name}.js`), ...args);

  beforeAll(() => {
    link('@types/node', application);
    return compileExamples(application, join(installed, 'examples'));
  });

  it('have one for each step, and compile against the packed types, those of the dependencies checked too', () => {
    const names = readdirSync(application).filter((name) => name.endsWith('.js'));
    expect(names.sort()).toEqual(EXAMPLES.map((name) => `${name}.js`));
  });

  it('import a checkpoint and answer at three exits', async () => {
    expect((await example('import-checkpoint')).stdout).toBe('10 layers, exits 3, 4, 5, 6, 7, 8, 9, 10\n');
    const { stdout } = await example('generate');
    const answers = [
      'Write the plural of "man". | exit 10: men | known answer: men',
      'Name the capital city of "Austria". | exit 6: Vienna | known answer: Vienna',
    ];
    expect(stdout.split('\n')).toEqual(expect.arrayContaining(answers));
    expect(stdout.match(/ \| exit (3|6|10): /g)).toHaveLength(9);
  });

  it('draw the figures of a results file', async () => {
    const { stdout } = await example('draw-figure', join('short', 'results.db'));
    expect(stdout).toMatch(/^soft@3 against soft@3: 0$/m);
    expect(stdout).toMatch(/^scores\.svg$/m);
    const png = readFileSync(join(application, 'scores-alone.png'));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
  });

  it('answer speculatively, and say what the drafts were worth', async () => {
    const { stdout } = await example('speculate');
    expect(stdout).toMatch(/^Write the plural of "man"\.: men \| \d+ of \d+ drafted tokens accepted$/m);
    expect(stdout.match(/drafted tokens accepted/g)).toHaveLength(3);
  });

  it('let tokens leave early, and say where', async () => {
    const { stdout } = await example('adapt');
    expect(stdout).toMatch(/^Write the plural of "man"\.: men \| tokens left at exits \d+(, \d+)*$/m);
  });

  it('extract the sub-model of an exit', async () => {
    const { stdout } = await example('extract-checkpoint');
    expect(stdout).toMatch(/^soft-exit-5: 5 of 10 layers, \d+ bytes\n$/);
    expect(readdirSync(join(application, 'soft-exit-5'))).toContain('model.safetensors');
  });

  it('end with one line where there is no checkpoint', async () => {
    const failure = await example('import-checkpoint', 'nowhere').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 2, stderr: expect.stringMatching(/^nowhere.*: expected .*\n$/) });
  });

  it('judge in both orders and tell the reason', async () => {
    const { stdout } = await example('judge');
    expect(stdout.split('\n').sort()).toEqual([
      '',
      expect.stringMatching(/^order ab: 1 \(.+\)$/),
      expect.stringMatching(/^order ba: 2 \(.+\)$/),
    ]);
  });

  it('score verdicts with an interval', async () => {
    const { stdout } = await example('score');
    expect(stdout).toMatch(/^score 0\.375 \(2 wins, 0\.5 losses, 1\.5 ties\), 95 % in -?[\d.]+ to [\d.]+\n$/);
  });

  it('run a sweep and read its results', async () => {
    expect((await example('sweep', 'short.yaml')).stdout).toContain(join('short', 'scores.png'));
    const { stdout } = await example('read-results', join('short', 'results.db'));
    expect(stdout).toMatch(/^run, comparison, .*\nsoft@3: 2 answers\nsoft@10: 2 answers\n$/);
  });
});

const EXAMPLES = [
  'adapt',
  'draw-figure',
  'extract-checkpoint',
  'generate',
  'import-checkpoint',
  'judge',
  'read-results',
  'score',
  'speculate',
  'sweep',
];
