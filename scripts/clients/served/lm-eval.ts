/**
 * EleutherAI's lm-evaluation-harness (`local-completions`) against the nano model at several exits, on a task of its own from
 * a local JSON file: the nano run's test instructions, each with its answer and three that are nearly right.
 * Its log-likelihoods are compared with those of the engine, and its accuracy with the one that ours gives.
 *
 *     npx tsx scripts/clients/served/lm-eval.ts <python with lm_eval and transformers>
 *
 * It also keeps the requests of a few questions for `test/server/clients.test.ts`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alpacaPrompt } from '../../../src/data/alpaca-prompt.ts';
import { readInstructions } from '../../../src/data/instructions.ts';
import { readHead } from '../../../src/engine/forced/head-in-memory.ts';
import { LoglikelihoodMeter } from '../../../src/engine/forced/loglikelihood.ts';
import { teacherForce } from '../../../src/engine/forced/teacher-force.ts';
import { SegmentedModel } from '../../../src/engine/session/segmented-model.ts';
import { openTokenizer } from '../../../src/model/tokenizer/tokenizer.ts';
import { serveNano } from './nano-server.ts';
import { type Exchange, recordAt } from './recorder.ts';

const [python] = process.argv.slice(2);
if (python === undefined) throw new Error('usage: lm-eval.ts <python with lm_eval and transformers>');
const EXITS = [3, 5, 7, 10];
const KEPT_REQUESTS = 8;
const TASK = `task: nano_choices
dataset_path: json
dataset_kwargs: { data_files: { test: QUESTIONS } }
test_split: test
output_type: multiple_choice
doc_to_text: "{{prompt}}"
doc_to_choice: "{{choices}}"
doc_to_target: "{{label}}"
target_delimiter: ""
metric_list: [{ metric: acc, aggregation: mean, higher_is_better: true }]
`;

interface Question {
  readonly prompt: string;
  readonly choices: readonly string[];
  readonly label: number;
}

/** What is read of an answer. */
interface Scored {
  readonly choices: readonly { readonly logprobs: { readonly token_logprobs: readonly (number | null)[] } }[];
}

const root = mkdtempSync(join(tmpdir(), 'sorted-eval-lm-eval-'));
const server = await serveNano();
const tokenizer = openTokenizer(server.folder);
const questions = writeTask();
try {
  const kept: Exchange[] = [];
  const model = await SegmentedModel.open(server.folder);
  for (const exit of EXITS) {
    const { exchanges, accuracy } = await evaluate(exit);
    kept.push(...exchanges.slice(0, exit === EXITS[0] ? KEPT_REQUESTS : 0));
    const own = await compare(model, exit, exchanges);
    const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
    const accuracies = `accuracy ${percent(accuracy)}, ours ${percent(own.accuracy)}`;
    const difference = `${own.tokens} log-probabilities, largest difference ${own.largest.toExponential(1)}`;
    console.log(`exit ${exit}: ${questions.length} questions, ${accuracies}; ${difference}`);
  }
  await model.close();
  writeFileSync('test/golden/clients/lm-eval.json', `${JSON.stringify(kept)}\n`);
} finally {
  await server.end();
  rmSync(root, { recursive: true });
}

/** Writes the task and gives its questions. */
function writeTask(): Question[] {
  const questions = readInstructions('eval-data/nano/data/test.json').flatMap((own, place) => {
    const wrong = [...new Set(misspelled(own.answer!))].filter((text) => text !== own.answer && text !== '');
    if (wrong.length < 3) return [];
    const label = place % 4;
    return [
      { prompt: alpacaPrompt(own), choices: wrong.slice(0, 3).toSpliced(label, 0, own.answer!), label },
    ];
  });
  writeFileSync(join(root, 'questions.json'), JSON.stringify(questions));
  writeFileSync(join(root, 'nano_choices.yaml'), TASK.replace('QUESTIONS', join(root, 'questions.json')));
  return questions;
}

/** Answers that are nearly right, as long as the right one: a part of it would always be likelier. */
function misspelled(answer: string): string[] {
  const [first = '', second = '', ...rest] = answer;
  const next = (letter: string) => String.fromCodePoint(letter.codePointAt(0)! + 1);
  const swapped = `${second}${first}${rest.join('')}`;
  return [
    answer.replace(/\w/, next),
    swapped,
    answer.replace(/\w(?=\W*$)/, next),
    swapped.replace(/\w/, next),
  ];
}

async function evaluate(exit: number) {
  const recorder = await recordAt(server.url);
  const output = join(root, `exit-${exit}`);
  const at = `model=soft@${exit},base_url=${recorder.url}/v1/completions,num_concurrent=8,max_retries=1`;
  const options = [
    '--model',
    'local-completions',
    '--model_args',
    `${at},tokenizer=${server.folder},add_bos_token=True`,
  ];
  const task = ['--tasks', 'nano_choices', '--include_path', root, '--output_path', output];
  const environment = { ...process.env, HF_HUB_OFFLINE: '1', HF_HOME: join(root, 'cache') };
  const child = spawn(python!, ['-m', 'lm_eval', ...options, ...task], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: environment,
  });
  let stderr = '';
  child.stderr.on('data', (data) => {
    stderr += data;
  });
  const [code] = await once(child, 'exit');
  recorder.close();
  if (code !== 0) throw new Error(stderr.split('\n').slice(-12).join('\n'));
  const [file] = readdirSync(output, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.json'),
  );
  const results = JSON.parse(readFileSync(join(output, file!), 'utf8')).results.nano_choices;
  return { exchanges: recorder.exchanges, accuracy: results['acc,none'] as number };
}

interface Scored {
  readonly choices: readonly { readonly logprobs: { readonly token_logprobs: readonly (number | null)[] } }[];
}

/** Its log-probabilities beside those of the engine's loglikelihood of the same ids, and the accuracy that ours give. */
async function compare(model: SegmentedModel, exit: number, exchanges: readonly Exchange[]) {
  const meter = await LoglikelihoodMeter.open(readHead(server.folder, model.manifest, exit));
  const ours = new Map<string, readonly number[]>();
  let [tokens, largest] = [0, 0];
  for (const { request, response } of exchanges.filter(({ method }) => method === 'POST')) {
    const { prompt } = request as { prompt: number[][] };
    for (const [index, ids] of prompt.entries()) {
      const task = { context: ids.slice(0, 1), continuation: ids.slice(1) };
      const [states] = await teacherForce(model, [task], { exits: [exit] });
      const values = await meter.measure(states!.get(exit)!, task.continuation);
      const theirs = (response as Scored).choices[index]!.logprobs.token_logprobs.slice(1);
      const distances = values.map((value, place) => Math.abs(value - theirs[place]!));
      largest = Math.max(largest, ...distances);
      tokens += values.length;
      ours.set(tokenizer.decode(ids), values);
    }
  }
  await meter.close();
  const right = questions.filter(({ prompt, choices, label }) => {
    const start = tokenizer.encode(prompt).length - 1;
    const sums = choices.map((choice) => sum(ours.get(`${prompt}${choice}`)!.slice(start)));
    return sums.indexOf(Math.max(...sums)) === label;
  });
  return { tokens, largest, accuracy: right.length / questions.length };
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
