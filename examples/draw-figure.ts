// Open a results file, read its scores as objects, and draw its figures: all of them into a folder, one into memory.
import { writeFileSync } from 'node:fs';
import {
  drawFigures,
  drawRunFigure,
  FIGURES,
  findRun,
  openReadOnlyStore,
  queryView,
  readRunHead,
  renderFigure,
  rowObjects,
} from 'sorted-eval';

const [results = 'reports/nano/results.db', folder = '.'] = process.argv.slice(2);
const store = openReadOnlyStore(results);
const run = findRun(store, undefined);
const where = new Map([['run', run]]);
for (const { model_a, exit_a, model_b, exit_b, score } of rowObjects(queryView(store, 'scores', { where })))
  console.log(`${model_a}@${exit_a} against ${model_b}@${exit_b}: ${score}`);

for (const path of drawFigures(store, run, { folder, formats: ['svg'], dpi: 144 })) console.log(path);

const scores = FIGURES.find(({ name }) => name === 'scores')!;
const figure = drawRunFigure(store, readRunHead(store, run)!, scores, { policy: 'average' });
if (figure) writeFileSync('scores-alone.png', renderFigure(figure));
store.close();
