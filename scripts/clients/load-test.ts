/**
 * Many clients at once: every answer must come and equal `generate`'s, and tokens a second are compared with those of
 * `generate` on the same prompts, in turns in the same run.
 *
 *     npx tsx scripts/clients/load-test.ts <model folder> [prompts.json] [clients] [requests] [exit] [rounds]
 *
 * The clients run on the same cores as the server; the processor time that they take is printed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { alpacaPrompt } from '../../src/data/alpaca-prompt.ts';
import { readInstructions } from '../../src/data/instructions.ts';
import { readManifest } from '../../src/model/folder/read-manifest.ts';
import { runJob } from '../../src/worker/run-job.ts';

const [
  folder,
  file = 'eval-data/nano/data/train.json',
  clients = '64',
  requests = '1000',
  wantedExit,
  rounds = '5',
] = process.argv.slice(2);
if (folder === undefined)
  throw new Error('usage: load-test.ts <model folder> [prompts] [clients] [requests] [exit]');
const exit = Number(wantedExit ?? readManifest(folder).exits.at(-1));
const maxNewTokens = 64;
/** A batch as large as the server's, and as many threads. */
const batchSize = 32;
const workers = availableParallelism();

const texts = readInstructions(file, { duplicates: 'first' })
  .slice(0, Number(requests))
  .map((instruction) => alpacaPrompt(instruction));

interface Round {
  readonly tokens: number;
  readonly seconds: number;
  /** Of this process, in seconds: beside the served model, that of the clients. */
  readonly ownTime: number;
  /** By prompt. */
  readonly ids: readonly (readonly number[])[];
}

async function generated(prompts = texts): Promise<Round> {
  const ids: (readonly number[])[] = [];
  const input = {
    folder: folder!,
    requests: prompts.map((text) => ({ prompt: { text }, exits: [exit] })),
    settings: { maxNewTokens, batchSize },
  };
  const [startedAt, usedBefore] = [performance.now(), process.cpuUsage()];
  for await (const { request, tokenIds } of runJob('generate', input, undefined, { workers, threads: 1 }))
    ids[request] = tokenIds;
  return measured(ids, startedAt, usedBefore);
}

/** Without the time in which the model is opened: the server has it open. */
async function generatedWithModelOpen(): Promise<Round> {
  await generated(texts.slice(0, workers));
  const opening = await generated(texts.slice(0, workers));
  const all = await generated();
  return { ...all, seconds: all.seconds - opening.seconds };
}

async function served(url: string): Promise<Round> {
  const ids: (readonly number[])[] = [];
  const model = `${basename(folder!)}@${exit}`;
  let next = 0;
  const client = async () => {
    for (let index = next++; index < texts.length; index = next++) {
      const body = { model, prompt: texts[index], max_tokens: maxNewTokens, return_token_ids: true };
      const { choices } = await post(`${url}/completions`, body);
      ids[index] = choices[0]!.token_ids;
    }
  };
  const [startedAt, usedBefore] = [performance.now(), process.cpuUsage()];
  await Promise.all(Array.from({ length: Number(clients) }, client));
  return measured(ids, startedAt, usedBefore);
}

function measured(
  ids: readonly (readonly number[])[],
  startedAt: number,
  usedBefore: NodeJS.CpuUsage,
): Round {
  const { user, system } = process.cpuUsage(usedBefore);
  const seconds = (performance.now() - startedAt) / 1000;
  return { tokens: ids.flat().length, seconds, ownTime: (user + system) / 1e6, ids };
}

interface Answer {
  readonly choices: readonly { readonly token_ids: number[] }[];
}

/** One connection a client. `fetch` would take as long for a request as the whole server. */
const agent = new Agent({ keepAlive: true });

function post(url: string, body: object): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const asked = request(url, { method: 'POST', headers, agent }, async (response) => {
      const pieces: Buffer[] = [];
      for await (const piece of response) pieces.push(piece as Buffer);
      const text = Buffer.concat(pieces).toString();
      if (response.statusCode === 200) resolve(JSON.parse(text));
      else reject(new Error(`${response.statusCode}: ${text}`));
    });
    asked.on('error', reject).end(JSON.stringify(body));
  });
}

async function startServer() {
  const args = ['dist/bin.js', 'serve', folder!, '--port', '0', '--workers', `${workers}`, '--memory', '1'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(child.stdout, 'data');
  return { child, url: String(line).split('\n')[0]! };
}

const rate = ({ tokens, seconds }: Round) => tokens / seconds;
const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

const all: { generate: Round; serve: Round }[] = [];
for (let round = 0; round < Number(rounds); round++) {
  const { child, url } = await startServer();
  const serve = await served(url);
  child.kill('SIGTERM');
  await once(child, 'exit');
  const generate = await generatedWithModelOpen();
  all.push({ generate, serve });
  const differing = texts.filter((_, index) => `${serve.ids[index]}` !== `${generate.ids[index]}`).length;
  const lost = texts.filter((_, index) => serve.ids[index] === undefined).length;
  const rates = `serve ${rate(serve).toFixed(0)}, generate ${rate(generate).toFixed(0)} tokens/s`;
  const times = `${serve.seconds.toFixed(1)} s, of ${workers} cores ${serve.ownTime.toFixed(1)} s for the clients`;
  const ratio = (rate(serve) / rate(generate)).toFixed(2);
  console.log(
    `round ${round + 1}: ${texts.length} requests of ${clients} clients, ${lost} lost, ${differing} with other ids; ${rates}, ratio ${ratio}; served in ${times}`,
  );
}
const ratio = median(all.map(({ serve, generate }) => rate(serve) / rate(generate)));
console.log(
  `median ratio ${ratio.toFixed(2)} of ${rounds} rounds, ${workers} workers, batches of ${batchSize}, exit ${exit}`,
);
