/** A process to be killed: `node --import tsx test/store/writer.ts <results.db>` saves 40 units of work and says so after each. */
import { writeSync } from 'node:fs';
import { openStore } from '../../src/store/database.ts';
import { knownResponseKeys, saveResponses } from '../../src/store/tables/response-table.ts';
import { finishRun, openRun } from '../../src/store/tables/run-table.ts';
import { responsesOf, setup } from './sample-run.ts';

const UNITS = 40;
const PER_UNIT = 50;

const ids = Array.from({ length: UNITS * PER_UNIT }, (_, index) => `i${index}`);
const store = openStore(process.argv[2]!);
openRun(store, setup({ instructions: ids.map((id) => ({ id, instruction: id, input: '' })) }));
for (let unit = 0; unit < UNITS; unit++) {
  const texts = Object.fromEntries(
    ids.slice(unit * PER_UNIT, (unit + 1) * PER_UNIT).map((id) => [id, `text of ${id}`]),
  );
  const { responses, mappings } = responsesOf('soft', 4, texts);
  const known = knownResponseKeys(
    store,
    responses.map(({ responseKey }) => responseKey),
  );
  // A unit is written whole or not at all.
  if (known.size !== 0 && known.size !== PER_UNIT) throw new Error(`unit ${unit} is half written`);
  saveResponses(store, 'nano', {
    responses: responses.filter((each) => !known.has(each.responseKey)),
    mappings,
  });
  // Past Node's own buffers: what is said was done.
  writeSync(1, `${unit}\n`);
}
finishRun(store, 'nano');
store.close();
