import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/cli/terminal.ts';
import { protocolSentences } from '../../../src/page/content/protocol.ts';
import { protocolRead } from '../../../src/page/queries/run-query.ts';
import { readFirst } from '../../../src/store/read/read.ts';
import { readRunHead } from '../../../src/store/read/run-head.ts';
import { judgeText } from '../../../src/terminal/reports/judge-summary.ts';
import { runMain } from '../../cli/run.ts';
import { writeRandomCheckpoint } from '../../support/random-checkpoint.ts';
import { writeSentencePiece } from '../../support/sentencepiece-model.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { withResults, writeInstructions, writeSweep } from '../trio.ts';

const root = tempFolder();

/** With tokenizer.model alone, whose first token config.json decides, as in PandaLM's folder. */
function writePandalm(name: string, seed: number): void {
  const config = { bos_token_id: 1, eos_token_id: 2 };
  const { folder } = writeRandomCheckpoint(join(root, name), {
    layers: 2,
    exits: [1, 2],
    contextLength: 1500,
    seed,
    config,
  });
  writeSentencePiece(folder, {}, { 'special_tokens_map.json': { bos_token: '</s>', eos_token: '</s>' } });
}

describe('a sweep over models and a judge that begin prompts with config.json’s token', () => {
  const output = join(root, 'out');

  beforeAll(async () => {
    writePandalm('a', 1);
    writePandalm('b', 2);
    writePandalm('judge', 3);
    writeInstructions(root, 2);
    const models = { a: { path: 'a' }, b: { path: 'b', label: 'Model B' } };
    const sweep = writeSweep(root, {
      models,
      comparisons: [{ a: 'a', b: 'b' }],
      kl: undefined,
      speed: undefined,
    });
    const { code, stderr } = await runMain(['sweep', sweep]);
    // A random judge writes no verdicts, which is a failed check.
    expect(code, stderr).toBe(EXIT.failedCheck);
    expect(existsSync(join(output, 'models', 'a', 'tokenizer.model'))).toBe(true);
  });

  it('says so in the protocol of the run and of the judge', () => {
    withResults(output, (store) => {
      const row = readFirst(store, protocolRead('trio'))!;
      const text = protocolSentences(readRunHead(store, 'trio')!, row).join('\n');
      for (const who of ['a', 'Model B', 'judge'])
        expect(text).toContain(`Prompts of ${who} begin with token 1, the bos_token_id of its config.json`);
      expect(judgeText(store, 'trio', 100)).toContain('prompts begin with token 1, by config.json');
    });
  });

  it('stores it with every response and judgement', () => {
    withResults(output, (store) => {
      for (const table of ['generation', 'judgement']) {
        const rows = store.all<{ id: number }>(
          `SELECT DISTINCT decoding_json ->> '$.bosTokenId' AS id FROM ${table}`,
        );
        expect(rows, table).toEqual([{ id: 1 }]);
      }
    });
  });
});
