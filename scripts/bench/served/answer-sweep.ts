import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';

const INSTRUCTIONS = join(import.meta.dirname, '..', '..', '..', 'eval-data', 'nano', 'data', 'test.json');

/** A sweep of answers alone, of one model at all exits. @returns path of its file; its output is `out` beside it */
export function writeAnswerSweep(
  folder: string,
  source: object,
  { instructions, maxNewTokens }: { readonly instructions: number; readonly maxNewTokens: number },
): string {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, 'sweep.yaml');
  const sweep = {
    name: 'answers',
    instructions: INSTRUCTIONS,
    limit: instructions,
    models: { model: source },
    comparisons: [],
    generation: { maxNewTokens },
    output: 'out',
  };
  writeFileSync(path, stringify(sweep));
  return path;
}
