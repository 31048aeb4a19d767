/**
 * Writes an extracted sub-model as GGUF, opens it with llama.cpp and compares its greedy answers to 24 instructions with
 * ours, ids against ids. The checkpoint has a byte pair encoding with merges, which the nano models lack.
 *
 *     npm install --ignore-scripts --prefix scripts/bench
 *     npx tsx scripts/clients/llama-cpp.ts <python with gguf and torch> <checkpoint> <exit>
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { runPython, runTypeScript } from '../bench/child.ts';
import type { AnswerJob, AnswerResult } from '../bench/types.ts';
import { idComparison } from './compare-answers.ts';
import { NEW_TOKENS, ourAnswers } from './our-answers.ts';

const [python, checkpoint, exitText] = process.argv.slice(2);
if (!python || !checkpoint || !exitText) throw new Error('give a Python, a checkpoint and an exit');
const exit = Number(exitText);
const root = mkdtempSync(join(tmpdir(), 'sorted-eval-llama-cpp-'));
try {
  const ours = await ourAnswers(checkpoint, exit, root);
  const { folder, answers, eosTokenIds } = ours;
  const out = join(root, 'sub-model.gguf');
  await runPython(python, 'export_gguf.py', { model: folder, layers: exit, out });
  const { result } = await runTypeScript<AnswerJob, AnswerResult>('llama-cpp.ts', {
    models: { [exit]: out },
    exits: [exit],
    prompts: answers.map(({ promptIds }) => promptIds),
    newTokens: NEW_TOKENS,
    batchSizes: [1],
    threads: availableParallelism(),
    eosTokenIds,
  });
  console.log(`${result.engine}, ${checkpoint} at exit ${exit}`);
  // llama.cpp does not yield the end of sequence.
  const theirs = result.answers[exit]!.map((ids) =>
    ids.length < NEW_TOKENS ? [...ids, eosTokenIds[0]!] : ids,
  );
  console.log(`  ids of answers: ${await idComparison(ours, theirs)}`);
  await ours.close();
} finally {
  rmSync(root, { recursive: true });
}
