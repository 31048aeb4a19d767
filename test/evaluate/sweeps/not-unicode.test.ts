import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../../src/core/sha256.ts';
import { alpacaPrompt } from '../../../src/data/alpaca-prompt.ts';
import { instructionId } from '../../../src/data/instructions.ts';
import type { Store } from '../../../src/store/database.ts';
import { TABLES } from '../../../src/store/schema/tables.ts';
import { runMain } from '../../cli/run.ts';
import { completion } from '../../support/faulty-server.ts';
import { openServer } from '../../support/open-server.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { withResults, writeSweep } from '../trio.ts';

const folder = tempFolder();
const output = join(folder, 'out');
/** Half of a pair, as JSON writes it. */
const HALF = '\ud83d';
const INSTRUCTIONS = [
  { instruction: `Name ${HALF} a colour.`, input: `${HALF}!`, output: `red ${HALF}` },
  { instruction: 'a\0b', input: 'c', output: 'x\0y' },
  { instruction: 'a', input: 'b\0c', output: 'x\0z' },
];
const recorded = (exit: number) =>
  INSTRUCTIONS.map(({ output, ...asked }) => ({ ...asked, output: `${output} ${HALF} ${exit}`, exit }));

/** Every text of the file as its bytes are. */
function* storedBytes(store: Store): Generator<[place: string, bytes: Uint8Array]> {
  for (const { name, columns } of TABLES) {
    const texts = Object.entries(columns).filter(([, [definition]]) => definition.startsWith('TEXT'));
    for (const [column] of texts) {
      const rows = store.all<{ bytes: Uint8Array | null }>(
        `SELECT CAST(${column} AS BLOB) AS bytes FROM ${name}`,
      );
      for (const { bytes } of rows) if (bytes !== null) yield [`${name}.${column}`, bytes];
    }
  }
}

beforeAll(async () => {
  const write = (file: string, value: unknown) => writeFileSync(join(folder, file), JSON.stringify(value));
  write('instructions.json', INSTRUCTIONS);
  write('said.json', [...recorded(2), ...recorded(4)]);
  const server = await openServer(({ body }) =>
    completion(body.model === 'judge' ? `1\n\n### Reason: ${HALF}` : `served ${HALF} \0 ${body['prompt']}`),
  );
  const endpoint = { baseUrl: server.baseUrl };
  const path = writeSweep(folder, {
    models: {
      said: { answers: 'said.json', label: 'LABEL' },
      served: { endpoint, exits: { 4: 'four' }, extraBody: { stop: 'LABEL' } },
    },
    comparisons: [{ a: 'said', b: 'served' }],
    judge: { endpoint, model: 'judge', label: 'LABEL' },
    kl: undefined,
  });
  // YAML's own escape.
  writeFileSync(path, readFileSync(path, 'utf8').replaceAll('LABEL', '"\\ud83d"'));
  const { code, stderr } = await runMain(['sweep', path]);
  server.close();
  expect({ code }, stderr).toEqual({ code: 0 });
});

describe('halves of surrogate pairs in instructions, answers, verdicts and the sweep file', () => {
  it('are U+FFFD in every text of the results file', () => {
    const utf8 = new TextDecoder('utf-8', { fatal: true });
    const texts = withResults(output, (store) =>
      [...storedBytes(store)].map(([place, bytes]) => {
        expect(() => utf8.decode(bytes), place).not.toThrow();
        return [place, utf8.decode(bytes)] as const;
      }),
    );
    const places = new Set(texts.flatMap(([place, text]) => (text.includes('\ufffd') ? [place] : [])));
    expect([...places]).toEqual(
      expect.arrayContaining([
        ...['instruction.instruction', 'instruction.input', 'run_instruction.answer', 'generation.text'],
        ...['generation.decoding_json', 'judgement.raw_text', 'judge.judge', 'run.config_json'],
      ]),
    );
  });

  it('leave ids and prompts those of the stored text', () => {
    withResults(output, (store) => {
      const rows = store.all<{ id: string; instruction: string; input: string }>(
        'SELECT instruction_id AS id, instruction, input FROM instruction',
      );
      expect(rows).toHaveLength(INSTRUCTIONS.length);
      for (const { id, instruction, input } of rows) expect(id).toBe(instructionId(instruction, input));
      const prompts = store.all<{ sha: string }>('SELECT DISTINCT prompt_sha256 AS sha FROM generation');
      expect(new Set(prompts.map(({ sha }) => sha))).toEqual(
        new Set(rows.map((asked) => sha256(alpacaPrompt(asked)))),
      );
    });
  });
});

describe('NUL in a text', () => {
  it('neither makes two instructions one nor ends what is stored of them', () => {
    withResults(output, (store) => {
      const rows = store.all<Record<string, unknown>>(
        `SELECT instruction, input, answer, text, correct FROM responses WHERE model = 'said' AND exit = 4 ORDER BY position`,
      );
      expect(rows.slice(1)).toEqual([
        { instruction: 'a\0b', input: 'c', answer: 'x\0y', text: 'x\0y \ufffd 4', correct: 0 },
        { instruction: 'a', input: 'b\0c', answer: 'x\0z', text: 'x\0z \ufffd 4', correct: 0 },
      ]);
    });
  });
});
