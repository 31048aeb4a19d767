/** transformers.js: an ONNX export of each depth, prompts padded at their left. */
import type { AnswerJob } from '../types.ts';
import { type Answerer, answerExitByExit, batchesByLength } from './batches.ts';
import { optionalPackage, serve } from './serve.ts';

interface Tensor {
  readonly dims: readonly number[];
  readonly data: BigInt64Array;
}
interface Model {
  generate(options: Record<string, unknown>): Promise<Tensor>;
  dispose(): Promise<unknown>;
}
interface Library {
  readonly AutoModelForCausalLM: {
    from_pretrained(path: string, options: Record<string, unknown>): Promise<Model>;
  };
  readonly Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => Tensor;
  readonly env: { version: string; allowRemoteModels: boolean; localModelPath: string };
}

const library = await optionalPackage<Library>('@huggingface/transformers');
library.env.allowRemoteModels = false;
library.env.localModelPath = '';

await serve((job: AnswerJob) =>
  answerExitByExit(`transformers.js ${library.env.version}`, job, async (path): Promise<Answerer> => {
    const model = await library.AutoModelForCausalLM.from_pretrained(path, {
      dtype: 'fp32',
      device: 'cpu',
      local_files_only: true,
      session_options: { intraOpNumThreads: job.threads },
    });
    return {
      answer: (prompts, newTokens, batchSize) => answer(model, job, prompts, newTokens, batchSize),
      close: async () => {
        await model.dispose();
      },
    };
  }),
);

async function answer(
  model: Model,
  { eosTokenIds }: AnswerJob,
  prompts: AnswerJob['prompts'],
  newTokens: number,
  batchSize: number,
): Promise<number[][]> {
  const answers: number[][] = [];
  for (const batch of batchesByLength(prompts, batchSize)) {
    const longest = Math.max(...batch.prompts.map(({ length }) => length));
    const { ids, mask } = padded(batch.prompts, longest, eosTokenIds[0]!);
    const shape = [batch.prompts.length, longest];
    const output = await model.generate({
      input_ids: new library.Tensor('int64', ids, shape),
      attention_mask: new library.Tensor('int64', mask, shape),
      max_new_tokens: newTokens,
      do_sample: false,
      eos_token_id: eosTokenIds,
      pad_token_id: eosTokenIds[0],
    });
    const width = output.dims[1]!;
    for (const [row, place] of batch.places.entries()) {
      answers[place] = Array.from(output.data.subarray(row * width + longest, (row + 1) * width), Number);
    }
  }
  return answers;
}

/** int64 [rows, longest] each: ids after padding, and 1 where an id is none. */
function padded(prompts: AnswerJob['prompts'], longest: number, padId: number) {
  const ids = new BigInt64Array(prompts.length * longest).fill(BigInt(padId));
  const mask = new BigInt64Array(prompts.length * longest);
  for (const [row, prompt] of prompts.entries()) {
    const start = (row + 1) * longest - prompt.length;
    ids.set(BigInt64Array.from(prompt, BigInt), start);
    mask.fill(1n, start, start + prompt.length);
  }
  return { ids, mask };
}
