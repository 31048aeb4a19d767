import { cpSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FullDepthModel } from '../../src/engine/session/full-depth-model.ts';
import { SegmentedModel } from '../../src/engine/session/segmented-model.ts';
import { importCheckpoint } from '../../src/model/folder/import-checkpoint.ts';
import { runMain } from '../cli/run.ts';
import { beamIds, type GoldenCase, greedyIds, promptIds, readGolden } from '../support/golden.ts';
import { tempFolder } from '../support/temp-folder.ts';

const GOLDEN = 'test/golden/pandalm-lookalike';
const root = tempFolder();
const checkpoint = join(root, 'pandalm');
const folder = join(root, 'judge');
let cases: GoldenCase[] = [];
let network: SegmentedModel;
let beams: FullDepthModel;

beforeAll(async () => {
  cases = readGolden(join(GOLDEN, 'golden.json'));
  cpSync(GOLDEN, checkpoint, { recursive: true, filter: (path) => !path.endsWith('golden.json') });
  importCheckpoint(checkpoint, folder, { exits: [1, 2] });
  network = await SegmentedModel.open(folder);
  beams = await FullDepthModel.open(folder);
});
afterAll(async () => {
  await network?.close();
  await beams?.close();
});

describe('a folder with the files of PandaLM-7B-v1', () => {
  it('has its names: two pickled shards, tokenizer.model and no tokenizer.json', () => {
    expect(readdirSync(checkpoint).sort()).toEqual([
      'added_tokens.json',
      'config.json',
      'generation_config.json',
      'pytorch_model-00001-of-00002.bin',
      'pytorch_model-00002-of-00002.bin',
      'pytorch_model.bin.index.json',
      'special_tokens_map.json',
      'tokenizer.model',
      'tokenizer_config.json',
    ]);
  });

  it('is imported without copying its weights, and its rotary buffers are left out with a note', () => {
    for (const shard of ['pytorch_model-00001-of-00002.bin', 'pytorch_model-00002-of-00002.bin'])
      expect(statSync(join(folder, shard)).ino).toBe(statSync(join(checkpoint, shard)).ino);
    expect(network.manifest.notes.join('\n')).toMatch(/buffers that change nothing .+inv_freq/);
  });

  it('begins prompts with <s> and has the ids of sentencepiece', () => {
    const ids = cases.map(({ prompt_ids }) => prompt_ids);
    expect(ids.every(([first]) => first === 1)).toBe(true);
    expect(promptIds(checkpoint, cases)).toEqual(ids);
    expect(promptIds(folder, cases)).toEqual(ids);
  });

  it('answers token for token as transformers, greedily at every exit and by beam search', async () => {
    expect(await greedyIds(network, cases)).toEqual(cases.map(({ exits }) => exits));
    expect(await beamIds(beams, cases)).toEqual(cases.map((golden) => golden.beams));
  });

  it('judges a sweep', async () => {
    const sweep = writeSweep(join(root, 'sweep'));
    const { code, stderr } = await runMain(['sweep', sweep]);
    expect(code, stderr).toBe(0);
    const counted = await runMain([
      'query',
      '--db',
      join(root, 'sweep', 'results', 'results.db'),
      '--sql',
      'SELECT count(*) AS verdicts FROM judged_pair',
      '--format',
      'json',
    ]);
    expect(JSON.parse(counted.stdout)).toEqual([{ verdicts: 4 }]);
  });
});

/** Two recorded models on two instructions: two pairs, each read in both orders. A random judge's verdicts are malformed. */
function writeSweep(place: string): string {
  const write = (name: string, value: object) => writeFileSync(join(place, name), JSON.stringify(value));
  mkdirSync(place);
  const instructions = ['What is 8 + 2?', 'Name a color.'];
  const responses = (texts: readonly string[]) =>
    instructions.map((instruction, index) => ({ instruction, output: texts[index], exit: 2 }));
  write(
    'set.json',
    instructions.map((instruction) => ({ instruction, input: '', output: '' })),
  );
  write('a.json', responses(['10', 'Red']));
  write('b.json', responses(['It is 10.', 'Blue']));
  write('sweep.json', {
    name: 'lookalike',
    instructions: 'set.json',
    models: { a: { answers: 'a.json' }, b: { answers: 'b.json' } },
    comparisons: [{ a: 'a', b: 'b' }],
    judge: { path: checkpoint, maxNewTokens: 16 },
    limits: { malformedShare: 1 },
    output: 'results',
  });
  return join(place, 'sweep.json');
}
