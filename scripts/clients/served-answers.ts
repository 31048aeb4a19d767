/**
 * Answers of a served model beside those of the same checkpoint at hand, in the results of one sweep that has both:
 *
 *     npx tsx scripts/clients/served-answers.ts reports/served/results.db local served http://127.0.0.1:8431/v1
 *
 * prints how many are equal token for token, and of each other one after how many tokens it parts, and by how many nats the
 * server prefers its own token there to the next likely one: about 1e-5 is the rounding of float32, where neither is wrong.
 */
import { formedPrompt } from '../../src/data/prompts/prompt-form.ts';
import { openReadOnlyStore } from '../../src/store/database.ts';
import { readInstructions } from '../../src/store/tables/instruction-table.ts';
import { readResponses } from '../../src/store/tables/response-table.ts';

const [path, local, served, baseUrl] = process.argv.slice(2) as [string, string, string, string];
const store = openReadOnlyStore(path);
const { run } = store.get<{ run: string }>('SELECT run FROM run LIMIT 1', {})!;
const exits = store
  .all<{ exit: number }>('SELECT exit FROM sub_model WHERE run = @run AND model = @served ORDER BY exit', {
    run,
    served,
  })
  .map(({ exit }) => exit);
let [equal, all] = [0, 0];
for (const exit of exits) {
  const [ours, theirs] = [local, served].map((model) => readResponses(store, run, { model, exit }));
  for (const [index, instruction] of readInstructions(store, run).entries()) {
    const [own, other] = [ours, theirs].map((one) => one!.get(instruction.id)!.tokenIds!);
    all++;
    if (JSON.stringify(own) === JSON.stringify(other)) equal++;
    else console.log(await difference(exit, index, formedPrompt(undefined, instruction).text, own!, other!));
  }
}
console.log(`${equal} of ${all} answers at exits ${exits.join(', ')} are equal`);

async function difference(
  exit: number,
  index: number,
  prompt: string,
  own: readonly number[],
  other: readonly number[],
): Promise<string> {
  const place = other.findIndex((id, at) => id !== own[at]);
  const model = `${served}@${exit}`;
  const read = await post({ model, prompt, max_tokens: 0, return_token_ids: true });
  const ids = [...read.choices[0]!.prompt_token_ids, ...other.slice(0, place)];
  const next = await post({ model, prompt: ids, max_tokens: 1, logprobs: 2 });
  const [first, second] = Object.values(next.choices[0]!.logprobs!.top_logprobs[0]!);
  return `exit ${exit}, instruction ${index} parts after ${place} tokens; the server's lead there: ${(first! - second!).toExponential(1)} nats`;
}

interface Answer {
  readonly choices: {
    readonly prompt_token_ids: number[];
    readonly logprobs: { readonly top_logprobs: Record<string, number>[] } | null;
  }[];
}

async function post(body: object): Promise<Answer> {
  const response = await fetch(`${baseUrl}/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Answer;
}
