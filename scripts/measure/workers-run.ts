/** Part of workers.ts: one variant in a process of its own, each worker in a thread. */
import { readFileSync } from 'node:fs';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { InferenceSession } from 'onnxruntime-node';
import { alpacaPrompt } from '../../src/data/alpaca-prompt.ts';
import { readInstructions } from '../../src/data/instructions.ts';
import { generate } from '../../src/engine/greedy/generate.ts';
import { SegmentedModel } from '../../src/engine/session/segmented-model.ts';
import { openTokenizer } from '../../src/model/tokenizer/tokenizer.ts';

interface Share {
  readonly folder: string;
  readonly prompts: readonly { readonly tag: number; readonly ids: readonly number[] }[];
  readonly threads: number;
  readonly isPacked: boolean;
  readonly maxNewTokens: number;
  readonly batchSize: number;
}

/** A thread of Node 20 does not inherit the loader for TypeScript. */
const START = `import('tsx/esm/api').then(({ register }) => (register(), import('${import.meta.url}')));`;

if (isMainThread) await main();
else await work(workerData as Share);

async function main() {
  const [name, folder, path, count = '24', tokens = '48', batch = '32'] = process.argv.slice(2);
  const [workers, threads] = name!.match(/\d+/g)!.map(Number) as [number, number];
  const { encode } = openTokenizer(folder!);
  const prompts = readInstructions(path!)
    .slice(0, Number(count))
    .map((instruction, tag) => ({ tag, ids: encode(alpacaPrompt(instruction)) }))
    .sort((a, b) => a.ids.length - b.ids.length);
  const shared = {
    folder: folder!,
    threads,
    isPacked: !name!.endsWith('unpacked'),
    maxNewTokens: Number(tokens),
    batchSize: Number(batch) / workers,
  };
  const running = Array.from({ length: workers }, (_, worker) => {
    const own = prompts.filter((_, index) => index % workers === worker);
    return new Worker(START, { eval: true, workerData: { ...shared, prompts: own } satisfies Share });
  });
  const next = () =>
    Promise.all(running.map((worker) => new Promise((done) => worker.once('message', done))));
  // All are open before the clock starts.
  await next();
  const startedAt = performance.now();
  const ended = next();
  for (const worker of running) worker.postMessage('start');
  const ids = ((await ended) as string[][]).flat();
  const seconds = (performance.now() - startedAt) / 1000;
  const pss = Number(/^Pss: +(\d+)/m.exec(readFileSync('/proc/self/smaps_rollup', 'utf8'))![1]);
  const all = ids.reduce((sum, text) => sum + text.split(',').length, 0);
  console.log(JSON.stringify({ tokens: all, seconds, megabytes: (pss * 1024) / 1e6, ids }));
  process.exit(0);
}

async function work({ folder, prompts, threads, isPacked, maxNewTokens, batchSize }: Share) {
  const create = InferenceSession.create.bind(InferenceSession) as (...args: unknown[]) => never;
  InferenceSession.create = ((model: unknown, options: { extra: { session: object } }) => {
    const session = { ...options.extra.session, ...(!isPacked && { disable_prepacking: '1' }) };
    return create(model, { ...options, intraOpNumThreads: threads, extra: { session } });
  }) as never;
  const model = await SegmentedModel.open(folder);
  const { exits, eosTokenIds } = model.manifest;
  parentPort!.postMessage('open');
  await new Promise((start) => parentPort!.once('message', start));
  const ids: string[] = [];
  const asked = prompts.map((prompt) => ({ ...prompt, exits }));
  for await (const { tag, exit, tokenIds } of generate(model, asked, {
    maxNewTokens,
    batchSize,
    eosTokenIds,
  }))
    ids.push(`${tag}@${exit}: ${tokenIds.join()}`);
  parentPort!.postMessage(ids);
  // Stays open until memory is measured.
  parentPort!.on('message', () => {});
}
