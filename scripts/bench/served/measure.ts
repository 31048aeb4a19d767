import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { withResults } from '../../../test/evaluate/trio.ts';

export interface Measured {
  /** Of all answers, by the time that they took. */
  readonly tokensPerSecond: number;
  /** `instruction@exit` → token ids, as JSON. */
  readonly ids: ReadonlyMap<string, string>;
}

/** Answers a sweep's instructions on the first `cores` cores, then again, when all is stored: the difference is counted. */
export async function measure(path: string, cores: number): Promise<Measured> {
  const [whole, idle] = [await timeOf(path, cores), await timeOf(path, cores)];
  const { tokens, ids } = withResults(join(dirname(path), 'out'), (store) => ({
    tokens: store.get<{ n: number }>('SELECT sum(generated_tokens) AS n FROM generation')!.n,
    ids: store.all<{ place: string; token_ids: string }>(
      "SELECT instruction_id || '@' || exit AS place, token_ids FROM answer JOIN generation USING (response_key)",
    ),
  }));
  return {
    tokensPerSecond: tokens / (whole - idle),
    ids: new Map(ids.map(({ place, token_ids }) => [place, token_ids])),
  };
}

/** The command line that runs a program on the first cores alone. */
export const onCores = (cores: number): readonly string[] => [
  'taskset',
  '--cpu-list',
  cores === 1 ? '0' : `0-${cores - 1}`,
];

/** @returns seconds. @throws Error where the command does not end with code 0 */
async function timeOf(path: string, cores: number): Promise<number> {
  const bin = join(process.env['SORTED_EVAL_COMPILED']!, 'bin.js');
  const [program, ...args] = [...onCores(cores), process.execPath, bin, 'generate', path, '--quiet'];
  const startedAt = performance.now();
  const child = spawn(program!, [...args, '--workers', `${cores}`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`generate ${path}: expected code 0, found ${code}`);
  return (performance.now() - startedAt) / 1000;
}
