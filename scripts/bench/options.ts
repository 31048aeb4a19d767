import { cpus } from 'node:os';
import yargs from 'yargs';

export const PARTS = ['answers', 'judging', 'speed', 'kl', 'growth', 'nano'] as const;
export type PartName = (typeof PARTS)[number];

export type Options = ReturnType<typeof readOptions>;

/** Where an option is left out. */
const WHOLE = { limit: 64, growth: [17, 170, 1700] };
/** About half of the time. */
const SHORT = { limit: 16, growth: [17, 170] };

export function readOptions(args: readonly string[]) {
  const sizes = args.includes('--short') ? SHORT : WHOLE;
  return yargs(args)
    .scriptName('npm run bench --')
    .usage('Measures our engine and its baselines in one run; see scripts/bench/README.md')
    .option('only', { choices: PARTS, array: true, default: PARTS as readonly PartName[], describe: 'parts' })
    .option('model', { default: 'checkpoints/smollm2', describe: 'SmolLM2, from scripts/train/smollm2.py' })
    .option('instructions', {
      default: 'checkpoints/testset-inference-v1.json',
      describe: "PandaLM's instructions, for the answers",
    })
    .option('pairs', { default: 'checkpoints/testset-v1.json', describe: "PandaLM's pairs, for the judging" })
    .option('work', { default: 'checkpoints/bench', describe: 'exports of each depth are kept here (6 GB)' })
    .option('out', { default: 'docs/results/bench', describe: 'JSON files and the figure' })
    .option('python', { default: 'python3', describe: 'with torch, transformers and gguf' })
    .option('onnx-python', { default: 'python3', describe: 'with optimum-onnx and onnxruntime' })
    .option('baselines', {
      alias: 'peers',
      array: true,
      choices: ['transformers-js', 'pytorch', 'llama-cpp'] as const,
      default: ['transformers-js', 'pytorch', 'llama-cpp'] as const,
      describe: 'engines that answer beside ours',
    })
    .option('short', {
      boolean: true,
      default: false,
      describe: 'fewer instructions: other defaults of --limit and --growth',
    })
    .option('limit', { default: sizes.limit, describe: 'instructions to answer' })
    .option('batch', {
      default: 64,
      describe: 'rows that our engine decodes together; baselines try a few sizes',
    })
    .option('kl-limit', { default: 16, describe: 'instructions of the KL' })
    .option('exits', { array: true, number: true, describe: "default: the model's own" })
    .option('tokens', { default: 64, describe: 'new tokens of an answer' })
    .option('judge-pairs', { default: 8, describe: 'pairs to judge, in both orders' })
    .option('judge-tokens', { default: 512, describe: 'limit of new tokens of a verdict; PandaLM has 512' })
    .option('steps', { default: 32, describe: 'decode steps of a measured speed' })
    .option('repeats', { default: 3, describe: 'measured speeds are medians of this many' })
    .option('growth', { array: true, number: true, default: sizes.growth, describe: 'instructions' })
    .option('threads', { default: cpus().length, describe: 'of each engine' })
    .strict()
    .parseSync();
}
