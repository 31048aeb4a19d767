/** llama.cpp through node-llama-cpp: a GGUF file in F32 of each depth, a sequence for each prompt in flight. */
import type { AnswerJob } from '../types.ts';
import { type Answerer, answerExitByExit } from './batches.ts';
import { optionalPackage, serve } from './serve.ts';

interface Sequence {
  evaluate(tokens: readonly number[], options: { temperature: number }): AsyncGenerator<number>;
  clearHistory(): Promise<void>;
}
interface Context {
  getSequence(): Sequence;
  dispose(): Promise<void>;
}
interface Model {
  createContext(options: Record<string, unknown>): Promise<Context>;
  dispose(): Promise<void>;
}
interface Library {
  getLlama(options: Record<string, unknown>): Promise<{
    readonly llamaCppRelease: { readonly release: string };
    loadModel(options: { modelPath: string }): Promise<Model>;
  }>;
}

/** Room for a prompt and its answer is rounded up to this many tokens. */
const CONTEXT_STEP = 64;
/** Tokens that one evaluation takes in. */
const BATCH_TOKENS = 512;

const { getLlama } = await optionalPackage<Library>('node-llama-cpp');

await serve(async (job: AnswerJob) => {
  const llama = await getLlama({ build: 'never', gpu: false, logLevel: 'error', maxThreads: job.threads });
  return answerExitByExit(
    `llama.cpp ${llama.llamaCppRelease.release} (node-llama-cpp)`,
    job,
    async (modelPath): Promise<Answerer> => {
      const model = await llama.loadModel({ modelPath });
      return {
        answer: (prompts, newTokens, batchSize) => answer(model, job, prompts, newTokens, batchSize),
        close: () => model.dispose(),
      };
    },
  );
});

async function answer(
  model: Model,
  { threads }: AnswerJob,
  prompts: AnswerJob['prompts'],
  newTokens: number,
  batchSize: number,
): Promise<number[][]> {
  const longest = Math.max(...prompts.map(({ length }) => length)) + newTokens;
  const sequences = Math.min(batchSize, prompts.length);
  const context = await model.createContext({
    sequences,
    contextSize: Math.ceil((longest + 1) / CONTEXT_STEP) * CONTEXT_STEP,
    batchSize: BATCH_TOKENS,
    threads,
    experimentalKvCacheKeyType: 'F32',
    experimentalKvCacheValueType: 'F32',
    ignoreMemorySafetyChecks: true,
  });
  const answers: number[][] = [];
  const queue = prompts.entries();
  const answerSome = async () => {
    const sequence = context.getSequence();
    for (const [place, prompt] of queue) {
      answers[place] = await answerOne(sequence, prompt, newTokens);
    }
  };
  await Promise.all(Array.from({ length: sequences }, answerSome));
  await context.dispose();
  return answers;
}

/** Ends by itself at an end token, which is not part of what it yields. */
async function answerOne(
  sequence: Sequence,
  prompt: readonly number[],
  newTokens: number,
): Promise<number[]> {
  const tokens: number[] = [];
  for await (const token of sequence.evaluate(prompt, { temperature: 0 })) {
    tokens.push(token);
    if (tokens.length === newTokens) break;
  }
  await sequence.clearHistory();
  return tokens;
}
