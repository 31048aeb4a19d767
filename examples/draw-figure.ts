// Open a results file, read its scores as objects, and draw its figures: all of them into a folder, one into memory.
import { writeFileSync } from 'node:fs';
import {
  findRun,
  openReadOnlyStore,
  queryView,
  renderRunFigure,
  rowObjects,
  writeFigures,
} from 'sorted-eval';

const [results = 'reports/nano/results.db', folder = '.'] = process.argv.slice(2);
const store = openReadOnlyStore(results);
const run = findRun(store, undefined);
const where = new Map([['run', run]]);
for (const { model_a, exit_a, model_b, exit_b, score } of rowObjects(queryView(store, 'scores', { where })))
  console.log(`${model_a}@${exit_a} against ${model_b}@${exit_b}: ${score}`);

for (const path of writeFigures(store, run, { folder, formats: ['svg'] })) console.log(path);

const scores = renderRunFigure(store, run, 'scores');
if (scores) writeFileSync('scores-alone.png', scores);
store.close();
