/**
 * Tries to break sweeps whose models and judge are served by Ray on several nodes, and writes what came of it into
 * docs/reliability.md: `npm run break:cluster`. Needs root, iproute2, and a Python with scripts/serve/requirements-ray.txt.
 *
 *     tsx scripts/break/cluster/main.ts [--python .venv-ray/bin/python] [--nodes 2,3] [--only replica,node,head]
 *         [--instructions 48] [--exits 4,10] [--seed 1] [--nano | --checkpoints <folder> --data <instructions.json>]
 *
 * The nodes are network namespaces on a bridge, which it makes and removes. `--nano` breaks nothing: it lets Ray serve all of the
 * nano run and compares that with this machine's engine; `--checkpoints` does the same with `sft` and `soft` (and `judge`, if there
 * is one) of a folder. Ends with 1 if a promise was broken. The table is written where all faults ran on two and three nodes.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import compileSources from '../../../test/support/compile-sources.ts';
import { type Finding, findingTable } from '../finding.ts';
import { writeTable } from '../page.ts';
import { breakNodes, type ClusterTrials } from './break-nodes.ts';
import { FAULTS, type FaultName } from './faults.ts';
import { openNetwork } from './network.ts';
import { SMALL, type SweepSize, sizeOf, WHOLE } from './sweep.ts';

const NODES = '2,3';
const ALL = Object.keys(FAULTS) as FaultName[];

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: process.env['SORTED_EVAL_SERVE_PYTHON'] ?? 'python3' },
    nodes: { type: 'string', default: NODES },
    only: { type: 'string', default: ALL.join(',') },
    instructions: { type: 'string', default: '48' },
    exits: { type: 'string', default: '4,10' },
    seed: { type: 'string', default: '1' },
    nano: { type: 'boolean', default: false },
    checkpoints: { type: 'string' },
    data: { type: 'string', default: 'eval-data/nano/data/test.json' },
  },
});
const numbers = (text: string) => text.split(',').map(Number);
const small: SweepSize = {
  ...SMALL,
  instructions: Number(values.instructions),
  exits: numbers(values.exits),
};
const whole = values.nano
  ? WHOLE
  : values.checkpoints && sizeOf(values.checkpoints, values.data, Number(values.instructions));
const chosen = values.only.split(',');
const unknown = chosen.find((name) => !(name in FAULTS));
if (unknown !== undefined) throw new Error(`--only: expected some of ${ALL}, found ${unknown}`);
if (process.getuid?.() !== 0) throw new Error('expected root, who may make network namespaces');
const trials = {
  python: values.python,
  seed: Number(values.seed),
  size: whole || small,
  faults: whole ? [] : (chosen as FaultName[]),
};

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
compileSources();
const findings: Finding[] = [];
for (const count of numbers(values.nodes)) findings.push(...(await onMachines(count, trials)));
console.log(findingTable(findings));
if (trials.faults.length === ALL.length && values.nodes === NODES)
  writeTable('break:cluster', findingTable(findings));
process.exitCode = findings.some(({ differences }) => differences.length > 0) ? 1 : 0;

/** What it makes is removed however it ends, but for `kill -9`. */
async function onMachines(
  count: number,
  rest: Omit<ClusterTrials, 'machines' | 'folder'>,
): Promise<Finding[]> {
  // Sockets lie below it, whose paths have 107 characters at most.
  const folder = mkdtempSync(join('/tmp', 'sb-'));
  const network = openNetwork(count);
  const clean = () => {
    network.remove();
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', clean);
  const found = await breakNodes({ ...rest, folder, machines: network.machines });
  process.removeListener('exit', clean);
  clean();
  return found;
}
