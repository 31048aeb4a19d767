import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { EXIT } from '../../../src/cli/terminal.ts';
import { completion, startServer } from '../../support/faulty-server.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { runMain } from '../run.ts';

/** Two models of one exit and a judge, all behind one server; three instructions. */
function writeServedSweep(folder: string, baseUrl: string, instructions = 3): string {
  const records = Array.from({ length: instructions }, (_, i) => ({
    instruction: `Say ${i}.`,
    output: `${i}`,
  }));
  writeFileSync(join(folder, 'set.json'), JSON.stringify(records));
  const endpoint = { baseUrl, backoffSeconds: 0.01 };
  const model = { endpoint, exits: { 4: 'm' } };
  const path = join(folder, 'sweep.yaml');
  const comparisons = [{ a: 'soft', b: 'sft' }];
  const judge = { endpoint, model: 'j' };
  const sweep = { name: 'served', instructions: 'set.json', models: { sft: model, soft: model } };
  writeFileSync(path, stringify({ ...sweep, comparisons, judge, output: 'out' }));
  return path;
}

const answer = () => completion('1\n');

describe('sweep', () => {
  it('says what is known and what is new, and at its end what to do next', async () => {
    const { baseUrl } = await startServer(answer);
    const folder = tempFolder();
    await runMain(['sweep', writeServedSweep(folder, baseUrl, 3)]);
    const { stdout, stderr } = await runMain(['sweep', writeServedSweep(folder, baseUrl, 4)]);
    expect(stderr).toContain('sft: answers: 3 known, 1 new\n');
    expect(stdout).toMatch(/\n\d+ results known, [1-9]\d* new\. Next: sorted-eval view .*out.results\.db\n$/);
  });

  it('prints its report as one JSON object', async () => {
    const { baseUrl } = await startServer(answer);
    const path = writeServedSweep(tempFolder(), baseUrl);
    const { stdout, code } = await runMain(['sweep', path, '--json']);
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ run: 'served', exitCode: code, missing: [], figures: expect.any(Array) });
    expect(report.results).toMatch(/results\.db$/);
    expect(report.stages).toContainEqual({ stage: 'sft: answers', total: 3, known: 0, computed: 3 });
    expect(report.checks[0]).toEqual({
      check: expect.any(String),
      state: expect.stringMatching(/^(passed|failed|note)$/),
      detail: expect.any(String),
    });
    expect(report.scores).toHaveLength(1);
    expect(report.scores[0]).toMatchObject({ model_a: 'soft', exit_a: 4, total: 3, score: 0 });
    const { stdout: later } = await runMain(['report', path, '--json']);
    const { stages: _, missing: __, figures: ___, exitCode: ____, ...stored } = report;
    expect(JSON.parse(later)).toEqual(stored);
  });

  it('prints nothing with --quiet where nothing is wrong', async () => {
    const { baseUrl } = await startServer(answer);
    const { stdout, stderr } = await runMain(['sweep', writeServedSweep(tempFolder(), baseUrl), '--quiet']);
    expect([stdout, stderr]).toEqual(['', '']);
  });

  it('ends within 10 s with 3 where no server is there, and says what is missing', async () => {
    const path = writeServedSweep(tempFolder(), 'http://127.0.0.1:59/v1');
    const startedAt = performance.now();
    const { code, stderr } = await runMain(['sweep', path, '--quiet']);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(code).toBe(EXIT.failedCheck);
    expect(stderr).toMatch(/^Missing: sft: answers 3 of 3, /);
  });
});
