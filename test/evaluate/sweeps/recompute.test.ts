import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runSweep } from '../../../src/evaluate/run-sweep.ts';
import { generateStage } from '../../../src/evaluate/stages/generate-stage.ts';
import { readSafetensorsHeader } from '../../../src/model/checkpoint/safetensors.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { countingProgress, dumpOf, TRIO_SWEEP, withSweep, writeSweep, writeTrio } from '../trio.ts';

const folder = tempFolder();

beforeAll(() => writeTrio(folder));

/** Output folder → key of the run that was swept last. */
const runs = new Map<string, string>();
/** The rows of that run, of a model. */
const isOf = (model: string, output: string) => (row: Readonly<Record<string, unknown>>) =>
  row['model'] === model && row['run'] === (runs.get(output) ?? TRIO_SWEEP['name']);

/** Units computed by a whole sweep with these changes of the sweep file; `out` is the results of all of them. */
async function computedWith(changes: Record<string, unknown>) {
  const progress = countingProgress();
  await withSweep(
    writeSweep(folder, changes),
    (sweep) => {
      runs.set(basename(sweep.config.output), sweep.run);
      return runSweep(sweep);
    },
    progress,
  );
  return Object.fromEntries(progress.computed);
}

/** Response keys of a model's answers. */
const keysOf = (model: string, output = 'out') =>
  dumpOf(join(folder, output))
    ['answer']!.filter(isOf(model, output))
    .map((answer) => answer['response_key']);

/** What a model said, by exit and instruction. */
const textsOf = (model: string, output: string) => {
  const { answer, generation } = dumpOf(join(folder, output));
  const text = (key: unknown) => generation!.find((row) => row['response_key'] === key)!['text'];
  return answer!
    .filter(isOf(model, output))
    .map((row) => [row['exit'], row['instruction_id'], text(row['response_key'])]);
};

describe('what is computed', () => {
  it('is everything once, the last exit of early-exit and SFT together', async () => {
    const computed = await computedWith({});
    expect(computed['sft: answers']).toBe(18);
    expect(computed['early-exit: answers']).toBe(12);
    expect(computed['KL: soft from sft@4']).toBe(6);
    const [sft, earlyExit] = [keysOf('sft'), keysOf('early-exit')];
    expect(earlyExit.filter((key) => sft.includes(key))).toHaveLength(6);
  });

  it('is what more instructions ask for, and not what is known', async () => {
    await computedWith({ limit: 2, output: 'grown' });
    const computed = await computedWith({ output: 'grown' });
    expect(computed).toMatchObject({ 'sft: answers': 12, 'soft: answers': 12, 'KL: soft from sft@4': 4 });
  });

  it('is nothing when a limit or the policy changes, but the check and the scores shown do', async () => {
    const changes = { limits: { malformedShare: 1 }, policy: 'both-agree' };
    const share = () =>
      dumpOf(join(folder, 'out'))['run_check']!.find((row) => row['check_name'] === 'malformed verdicts')!;
    expect(share()['passed']).toBe(0);
    expect(await computedWith(changes)).toEqual({});
    expect(share()['passed']).toBe(1);
    expect(dumpOf(join(folder, 'out'))['run']![0]!['policy']).toBe('both-agree');
  });

  it('is the verdicts alone when the judge changes its decoding, in a run of its own', async () => {
    const judge = { ...(TRIO_SWEEP['judge'] as object), maxNewTokens: 2 };
    const before = dumpOf(join(folder, 'out'));
    const computed = Object.keys(await computedWith({ judge }));
    expect(computed.filter((label) => label !== 'speed')).toEqual(['judge: verdicts']);
    const run = runs.get('out')!;
    expect(run).toMatch(/^trio~[0-9a-f]{8}$/);
    for (const table of ['judged_pair', 'cell_score', 'judge']) {
      const rows = dumpOf(join(folder, 'out'))[table]!;
      expect(
        rows.filter((row) => row['run'] !== run),
        table,
      ).toEqual(before[table]);
      expect(rows.filter((row) => row['run'] === run).length, table).toBeGreaterThan(0);
    }
    // The run before is continued, and has nothing to compute.
    expect(await computedWith({})).toEqual({});
    expect(runs.get('out')).toBe('trio');
  });

  it('is every answer when generation may be longer, and the old ones are found when it is as before', async () => {
    const computed = await computedWith({ generation: { maxNewTokens: 6, batchSize: 8 } });
    expect(computed['sft: answers']).toBe(18);
    expect(computed['soft: answers']).toBe(18);
    expect(await computedWith({})).toEqual({});
  });

  it('is no answer when only the batch size changes', async () => {
    expect(await computedWith({ generation: { maxNewTokens: 5, batchSize: 3 } })).not.toHaveProperty([
      'sft: answers',
    ]);
  });

  it('is one model’s answers when one byte of its weights changes, and these are the new weights’', async () => {
    await computedWith({});
    const [before, sftBefore] = [keysOf('soft'), keysOf('sft')];
    const textsBefore = textsOf('soft', 'out');
    changeOneByte(join(folder, 'soft', 'model.safetensors'));
    const computed = await computedWith({});
    expect(computed['soft: answers']).toBe(18);
    expect(Object.keys(computed)).not.toContain('sft: answers');
    expect(Object.keys(computed)).not.toContain('early-exit: answers');
    expect(keysOf('soft').filter((key) => before.includes(key))).toEqual([]);
    expect(keysOf('sft')).toEqual(sftBefore);
    await withSweep(writeSweep(folder, { output: 'fresh' }, 'fresh.yaml'), generateStage);
    expect(textsOf('soft', 'out')).toEqual(textsOf('soft', 'fresh'));
    expect(textsOf('soft', 'out')).not.toEqual(textsBefore);
  });

  it('is for a model called judge its own and not the judge’s', async () => {
    const changes = { models: { judge: { path: 'soft' } }, comparisons: [{ a: 'judge', b: 'judge' }] };
    const path = writeSweep(folder, { ...changes, kl: undefined, output: 'named' }, 'named.yaml');
    await withSweep(path, runSweep);
    await withSweep(path, runSweep);
    const texts = textsOf('judge', 'named').map(([, , text]) => text);
    expect(texts).toEqual(textsOf('soft', 'out').map(([, , text]) => text));
  });
});

/** Sign and exponent of one number of the embedding. */
function changeOneByte(path: string): void {
  const { offset } = readSafetensorsHeader(path).tensors.get('model.norm.weight')!;
  const old = readFileSync(path)[offset + 3]!;
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.from([old ^ 0x80]), 0, 1, offset + 3);
  closeSync(file);
}
