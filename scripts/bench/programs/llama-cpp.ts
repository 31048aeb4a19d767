/**
 * llama.cpp through node-llama-cpp: a GGUF file in F32 of each depth, a sequence for each prompt in flight. All sequences
 * take their next token at the same time: left to themselves they drift apart, are evaluated in small batches, and take
 * longer.
 */
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
  const next = (sequence: Sequence): Answering | undefined => {
    const { value, done } = queue.next();
    if (done) return undefined;
    const [place, prompt] = value;
    answers[place] = [];
    return { sequence, tokens: answers[place], source: sequence.evaluate(prompt, { temperature: 0 }) };
  };
  let running = Array.from({ length: sequences }, () => next(context.getSequence())!);
  while (running.length > 0) {
    const goesOn = await Promise.all(running.map((answering) => takeToken(answering, newTokens)));
    const successors = running.map((answering, index) =>
      goesOn[index] ? answering : next(answering.sequence),
    );
    running = successors.filter((answering) => answering !== undefined);
  }
  await context.dispose();
  return answers;
}

interface Answering {
  readonly sequence: Sequence;
  readonly tokens: number[];
  /** Ends by itself at an end token, which it does not yield. */
  readonly source: AsyncGenerator<number>;
}

/** @returns whether the answer goes on */
async function takeToken({ sequence, tokens, source }: Answering, newTokens: number): Promise<boolean> {
  const token = await source.next();
  if (!token.done) tokens.push(token.value);
  if (!token.done && tokens.length < newTokens) return true;
  await source.return(undefined);
  await sequence.clearHistory();
  return false;
}
