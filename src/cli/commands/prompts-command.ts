import { existsSync, statSync } from 'node:fs';
import { writeOutput } from '../../core/write-output.ts';
import { judgePrompts } from '../../evaluate/plan/judge-prompts.ts';
import { readFilePart } from '../../model/checkpoint/regular-file.ts';
import { APIS, type Api } from '../../sources/http/endpoint.ts';
import { printable, visibleJson } from '../../terminal/text-width.ts';
import { defineCommand } from '../command.ts';
import { SWEEP_ARGUMENT, withStoredRun } from '../named-sweep.ts';
import { badOption, RUN_OPTION } from '../options.ts';
import { EXIT } from '../terminal.ts';

/** `sorted-eval prompts [sweep.yaml]` */
export const promptsCommand = defineCommand({
  command: 'prompts [sweep]',
  describe: "write the judge's prompts as JSONL, to be judged elsewhere; answers come back by their ids",
  builder: (args) =>
    args
      .positional('sweep', SWEEP_ARGUMENT)
      .option('run', RUN_OPTION)
      .option('format', {
        choices: ['plain', 'batch'] as const,
        default: 'plain' as const,
        describe: 'plain: {id, prompt}; batch: a file for OpenAI’s batch API or vLLM’s run-batch',
      })
      .option('model', { type: 'string', describe: "batch: the judge's name at the server" })
      .option('api', {
        choices: APIS,
        default: 'completions' as Api,
        describe: 'batch: completions continues the exact text, chat sends it as a message',
      })
      .option('out', { type: 'string', describe: 'file to write  [default: stdout]' }),
  run: ({ sweep, run, format, model, api, out }, terminal) => {
    const { stdout, stderr } = terminal;
    if (out !== undefined) requireNoOther(out);
    const batch = format === 'batch' ? { api, model: requireModel(model) } : undefined;
    const { lines, pairs, without } = withStoredRun({ sweep, run }, terminal, (stored) =>
      judgePrompts(stored, { batch }),
    );
    const text = lines.map((line) => `${visibleJson(line)}\n`).join('');
    if (out === undefined) stdout.write(printable(text));
    else writeOutput(out, Buffer.from(text), 'prompts', 'Name a file in a folder that is writable.');
    const left = without === 0 ? '' : `; ${without} have no prompt, since an answer is missing or is none`;
    stderr.write(printable(`${lines.length} prompts for ${pairs} verdicts${left}.\n`));
    return without === 0 ? EXIT.done : EXIT.failedCheck;
  },
});

/** Answers, verdicts and results lie beside the prompts, often under like names. */
function requireNoOther(path: string): void {
  // A pipe is nobody's.
  if (!existsSync(path) || !statSync(path).isFile()) return;
  if (OURS.test(readFilePart(path, { offset: 0, bytes: 150 }, FIX).toString('latin1'))) return;
  throw badOption('prompts --out', 'a new file, or one of prompts', `another file at ${path}`, FIX);
}

/** How a file of prompts begins, in either form; an empty one is nobody's. */
const OURS = /^($|\{"id":"[0-9a-f]{64}","prompt":|\{"custom_id":"[0-9a-f]{64}","method":)/;
const FIX = 'Name a file that is not there yet.';

function requireModel(model: string | undefined): string {
  if (model !== undefined && model !== '') return model;
  throw badOption('prompts', '--model with --format batch', 'none', 'Name the judge as the server does.');
}
