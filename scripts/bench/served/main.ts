/**
 * How many tokens a second scripts/serve on Ray gives a sweep with one and two replicas of one core each, beside the harness's own
 * engine on the same cores: `npm run bench:served`. Needs `taskset` and a Python with scripts/serve/requirements-ray.txt.
 *
 *     tsx scripts/bench/served/main.ts [--python .venv-ray/bin/python] [--checkpoint eval-data/nano/models/soft]
 *         [--instructions 48] [--rounds 3] [--max-new-tokens 48]
 *
 * Everything shares the cores: replicas with Ray's own processes and the harness that asks them, or the harness with its engine.
 * Both answer the same instructions at all exits, in turns. A command that finds all answers stored takes the time that is not
 * counted. Ratios are of medians; answers must be equal, or it ends with 1.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import compileSources from '../../../test/support/compile-sources.ts';
import { writeAnswerSweep } from './answer-sweep.ts';
import { type Measured, measure } from './measure.ts';
import { openOnRay } from './on-ray.ts';
import { compareRounds, ratioTable } from './ratios.ts';

const CORES = [1, 2] as const;

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: process.env['SORTED_EVAL_SERVE_PYTHON'] ?? 'python3' },
    checkpoint: { type: 'string', default: 'eval-data/nano/models/soft' },
    instructions: { type: 'string', default: '48' },
    rounds: { type: 'string', default: '3' },
    'max-new-tokens': { type: 'string', default: '48' },
  },
});
const checkpoint = resolve(values.checkpoint);
const size = { instructions: Number(values.instructions), maxNewTokens: Number(values['max-new-tokens']) };
// Sockets of Ray lie below it, whose paths have 107 characters at most.
const folder = mkdtempSync(join(tmpdir(), 'ss-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
compileSources();

const rows: { cores: number; local: Measured[]; served: Measured[] }[] = [];
for (const cores of CORES) {
  const server = await openOnRay({ python: values.python, folder, checkpoint, replicas: cores, cores });
  try {
    const row = { cores, local: [] as Measured[], served: [] as Measured[] };
    const sources = {
      local: { path: checkpoint },
      served: { server: { baseUrl: server.baseUrl }, model: 'model' },
    };
    for (let round = 0; round < Number(values.rounds); round++)
      for (const place of ['local', 'served'] as const) {
        const path = writeAnswerSweep(join(folder, `${cores}-${round}-${place}`), sources[place], size);
        row[place].push(await measure(path, cores));
        console.log(`${cores} cores, ${place}: ${row[place].at(-1)!.tokensPerSecond.toFixed(1)} tokens/s`);
      }
    rows.push(row);
  } finally {
    await server.end();
  }
}
console.log(ratioTable(rows));
process.exitCode = compareRounds(rows) ? 0 : 1;
