/**
 * A child process of `mutations.ts`: damages inputs and runs the command that reads each, in this process. Prints a line of
 * JSON before each (what is tried) and after it (how it ended).
 *
 *     tsx scripts/break/mutant.ts <folder> <results.db> <seed> <first> <end>
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Terminal } from '../../src/cli/terminal.ts';
import { isDamagedFile } from '../../test/support/damaged-file.ts';
import { seededRandom } from '../../test/support/random.ts';
import { type Input, makeInputs } from './inputs.ts';
import { mutate } from './mutators.ts';

const [folder, results, seed, first, end] = process.argv.slice(2) as [string, string, string, string, string];
const { main } = await import(join(process.env['SORTED_EVAL_COMPILED']!, 'cli', 'cli.js'));
const inputs = makeInputs(folder, results);
const originals = new Map(inputs.map(({ path }) => [path, readFileSync(path)]));
const undamaged = new Map<Input, string>();
for (const input of inputs) {
  const { code, stdout, stderr } = await read(input);
  if (code !== 0 && code !== 3) throw new Error(`${input.kind} without damage is refused: ${stderr}`);
  undamaged.set(input, stdout);
}

for (let index = Number(first); index < Number(end); index++) {
  const input = inputs[index % inputs.length]!;
  console.log(JSON.stringify({ index, kind: input.kind }));
  console.log(JSON.stringify({ index, ...(await tryMutation(input, Number(seed) * 1e6 + index)) }));
}
process.exit(0);

/** @returns exit code, the last lines of stderr, and whether other numbers were printed than those that were stored */
async function tryMutation(input: Input, seedOfThis: number): Promise<object> {
  const original = originals.get(input.path)!;
  writeFileSync(input.path, mutate(original, seededRandom(seedOfThis)));
  const { code, stdout, stderr } = await read(input);
  const isOther =
    input.isStored && code === 0 && stdout !== undamaged.get(input) && isDamagedFile(input.path);
  writeFileSync(input.path, original);
  return { code, stderr: stderr.slice(-1000), ...(isOther && { isOther }) };
}

async function read({ args, writes }: Input): Promise<{ code: number; stdout: string; stderr: string }> {
  rmSync(writes, { recursive: true, force: true });
  const texts = { stdout: '', stderr: '' };
  const write = (name: 'stdout' | 'stderr') => (text: string) => {
    texts[name] += text;
  };
  const stream = (name: 'stdout' | 'stderr') => ({ write: write(name) }) as unknown as NodeJS.WriteStream;
  const terminal: Terminal = {
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    signal: new AbortController().signal,
  };
  return { code: await main(args, terminal), ...texts };
}
