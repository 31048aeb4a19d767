/**
 * Thresholds calibrated on one instruction file, and what they keep on another.
 *
 *     npx tsx scripts/measure/calibration.ts <validation.json> <held-out.json> <tokens> <model folder>…
 */
import { basename } from 'node:path';
import {
  alpacaPrompt,
  type CalibrateOptions,
  calibrate,
  openModel,
  readInstructions,
} from '../../src/index.ts';

const [validation, heldOut, tokens, ...folders] = process.argv.slice(2);
const promptsOf = (path: string) => readInstructions(path).map(alpacaPrompt);
const maxNewTokens = Number(tokens);
const WANTED: CalibrateOptions[] = [0.9, 0.95, 0.99].flatMap((share) => [
  { share },
  { share, byExit: true },
  { share, certainty: 0.95 },
]);

console.log('| Model | Wanted | Thresholds | kept there | kept held out | layers held out |');
console.log('|---|---|---|---:|---:|---:|');
for (const folder of folders) {
  const model = await openModel(folder);
  const questions = promptsOf(heldOut!).map((text) => ({ tag: text, text }));
  const full = new Map<string, string>();
  const exits = [model.manifest.exits.at(-1)!];
  for await (const { tag, tokenIds } of model.answer(
    questions.map((question) => ({ ...question, exits })),
    { maxNewTokens },
  ))
    full.set(tag, tokenIds.join());
  for (const wanted of WANTED) {
    try {
      const { adaptive, share } = await calibrate(folder, promptsOf(validation!), {
        ...wanted,
        maxNewTokens,
      });
      let [kept, layers, written] = [0, 0, 0];
      for await (const { tag, tokenIds, tokenExits } of model.answer(questions, { maxNewTokens, adaptive })) {
        if (tokenIds.join() === full.get(tag)) kept += 1;
        for (const exit of tokenExits!) layers += exit;
        written += tokenIds.length;
      }
      const rate = (value: number) => `${(100 * value).toFixed(1)} %`;
      row(
        rate(share),
        rate(kept / questions.length),
        (layers / written).toFixed(2),
        JSON.stringify(adaptive.threshold),
      );
    } catch (error) {
      row('none', '', '', (error as Error).message.replace(/^.*found /, ''));
    }

    function row(there: string, out: string, depth: string, thresholds: string): void {
      const sure = wanted.certainty === undefined ? '' : `, certainty ${wanted.certainty}`;
      const how = `${100 * wanted.share} %${wanted.byExit ? ', by exit' : sure}`;
      console.log(
        `| ${basename(folder)} | ${how} | ${thresholds.replace(/"/g, '')} | ${there} | ${out} | ${depth} |`,
      );
    }
  }
  await model.close();
}
