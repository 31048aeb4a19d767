/** Part of workers.ts: one variant in a process of its own, each worker in a thread. */
import { readFileSync } from 'node:fs';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import './without-telemetry.ts';
import { InferenceSession } from 'onnxruntime-node';
import { alpacaPrompt } from '../../src/data/alpaca-prompt.ts';
import { readInstructions } from '../../src/data/instructions.ts';
import { openCompleter } from '../../src/engine/complete.ts';
import { generate } from '../../src/engine/greedy/generate.ts';
import { SegmentedModel } from '../../src/engine/session/segmented-model.ts';
import { openTokenizer } from '../../src/model/tokenizer/tokenizer.ts';
import { type SharedPieces, sharePieces, takePieces } from '../../src/worker/shared-pieces.ts';
import { labelledPrompts } from '../bench/parts/judging.ts';

interface Share {
  readonly kind: string;
  readonly folder: string;
  readonly prompts: SharedPieces;
  readonly threads: number;
  readonly isPacked: boolean;
  readonly maxNewTokens: number;
  readonly batchSize: number;
}

/** What was made of a prompt, and of how many tokens. */
type Result = readonly [text: string, tokens: number];

/** A thread of Node 20 does not inherit the loader for TypeScript. */
const START = `import('tsx/esm/api').then(({ register }) => (register(), import('${import.meta.url}')));`;

if (isMainThread) await main();
else await work(workerData as Share);

async function main() {
  const [kind, name, folder, path, count = '24', tokens = '48', batch = '32'] = process.argv.slice(2);
  const [workers, threads] = name!.match(/\d+/g)!.map(Number) as [number, number];
  const share = {
    ...{ kind: kind!, folder: folder!, threads },
    prompts: sharePieces(kind === 'judge' ? judged(path!, count) : asked(folder!, path!, count)),
    isPacked: !name!.endsWith('unpacked'),
    maxNewTokens: Number(tokens),
    batchSize: Number(batch) / (name!.endsWith('divided') ? workers : 1),
  };
  const running = Array.from({ length: workers }, () => {
    return new Worker(START, { eval: true, workerData: share satisfies Share });
  });
  const next = () =>
    Promise.all(running.map((worker) => new Promise((done) => worker.once('message', done))));
  // All are open before the clock starts.
  await next();
  const startedAt = performance.now();
  const ended = next();
  for (const worker of running) worker.postMessage('start');
  const results = ((await ended) as Result[][]).flat();
  const seconds = (performance.now() - startedAt) / 1000;
  const pss = Number(/^Pss: +(\d+)/m.exec(readFileSync('/proc/self/smaps_rollup', 'utf8'))![1]);
  const all = results.reduce((sum, [, made]) => sum + made, 0);
  const texts = results.map(([text]) => text);
  console.log(JSON.stringify({ tokens: all, seconds, megabytes: (pss * 1024) / 1e6, results: texts }));
  process.exit(0);
}

function asked(folder: string, path: string, count: string) {
  const { encode } = openTokenizer(folder);
  return readInstructions(path)
    .slice(0, Number(count))
    .map((instruction, tag) => ({ tag, ids: encode(alpacaPrompt(instruction)) }))
    .sort((a, b) => a.ids.length - b.ids.length);
}

function judged(path: string, count: string) {
  return labelledPrompts(path, Number(count)).map((text, tag) => ({ tag, text }));
}

async function work({ kind, folder, prompts, threads, isPacked, ...settings }: Share) {
  const create = InferenceSession.create.bind(InferenceSession) as (...args: unknown[]) => never;
  InferenceSession.create = ((model: unknown, options: { extra: { session: object } }) => {
    const session = { ...options.extra.session, ...(!isPacked && { disable_prepacking: '1' }) };
    return create(model, { ...options, intraOpNumThreads: threads, extra: { session } });
  }) as never;
  const run = await (kind === 'judge' ? openJudge(folder, threads, settings) : openModel(folder, settings));
  parentPort!.postMessage('open');
  await new Promise((start) => parentPort!.once('message', start));
  const results: Result[] = [];
  for await (const result of run(prompts)) results.push(result);
  parentPort!.postMessage(results);
  // Stays open until memory is measured.
  parentPort!.on('message', () => {});
}

type Settings = Pick<Share, 'maxNewTokens' | 'batchSize'>;

async function openModel(folder: string, settings: Settings) {
  const model = await SegmentedModel.open(folder);
  const { exits, eosTokenIds } = model.manifest;
  return async function* (prompts: SharedPieces): AsyncGenerator<Result> {
    const all = takePieces<{ tag: number; ids: number[] }>(prompts);
    const requests = (function* () {
      for (const prompt of all) yield { ...prompt, exits };
    })();
    for await (const { tag, exit, tokenIds } of generate(model, requests, { ...settings, eosTokenIds }))
      yield [`${tag}@${exit}: ${tokenIds.join()}`, tokenIds.length];
  };
}

async function openJudge(folder: string, threads: number, settings: Settings) {
  const beams = { numBeams: 4, repetitionPenalty: 1.2, rule: 'transformers-4.28' } as const;
  const decoding = { strategy: 'beams', ...beams } as const;
  const completer = await openCompleter(folder, { ...settings, decoding, threads, maxPromptsRead: 4 });
  return async function* (prompts: SharedPieces): AsyncGenerator<Result> {
    const all = takePieces<{ tag: number; text: string }>(prompts);
    for await (const { tag, text, generatedTokens } of completer.complete(all))
      yield [`${tag}: ${text}`, generatedTokens];
  };
}
