/**
 * A child process of `mutations.ts`: damages inputs and runs the command that reads each, in this process. Prints a line of
 * JSON before each (what is tried) and after it (how it ended).
 *
 *     tsx scripts/break/mutant.ts <folder> <results.db> <seed> <first> <end>
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Terminal } from '../../src/cli/terminal.ts';
import { seededRandom } from '../../test/support/random.ts';
import { type Input, makeInputs } from './inputs.ts';
import { mutate } from './mutators.ts';

const [folder, results, seed, first, end] = process.argv.slice(2) as [string, string, string, string, string];
const { main } = await import(join(process.env['SORTED_EVAL_COMPILED']!, 'cli', 'cli.js'));
const inputs = makeInputs(folder, results);
const originals = new Map(inputs.map(({ path }) => [path, readFileSync(path)]));

for (let index = Number(first); index < Number(end); index++) {
  const input = inputs[index % inputs.length]!;
  console.log(JSON.stringify({ index, kind: input.kind }));
  console.log(JSON.stringify({ index, ...(await tryMutation(input, Number(seed) * 1e6 + index)) }));
}
process.exit(0);

/** @returns exit code, and the last lines of stderr */
async function tryMutation({ path, args, writes }: Input, seedOfThis: number): Promise<object> {
  const original = originals.get(path)!;
  rmSync(writes, { recursive: true, force: true });
  writeFileSync(path, mutate(original, seededRandom(seedOfThis)));
  let stderr = '';
  const stream = (write: (text: string) => void) => ({ write }) as unknown as NodeJS.WriteStream;
  const terminal: Terminal = {
    stdout: stream(() => {}),
    stderr: stream((text) => {
      stderr += text;
    }),
    signal: new AbortController().signal,
  };
  const code = await main(args, terminal);
  writeFileSync(path, original);
  return { code, stderr: stderr.slice(-1000) };
}
