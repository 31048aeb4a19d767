/** What judges need of docs/server-api.md: the end after the first line, and prompts that lose the ends of two texts. */

import { join } from 'node:path';
import { expect, it } from 'vitest';
import { promptText } from '../../../src/data/prompt-parts.ts';
import { truncatePrompt } from '../../../src/data/truncate-prompt.ts';
import { openLocalCompleter } from '../../../src/judge/local-completer.ts';
import { pandalmPrompt } from '../../../src/judge/protocols/pandalm-prompt.ts';
import { importCheckpoint } from '../../../src/model/folder/import-checkpoint.ts';
import { openTokenizer } from '../../../src/model/tokenizer/tokenizer.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { type Answer, nanoCheckpoint } from '../served.ts';
import { asking, type Refused } from './asking.ts';
import type { TestedServer } from './servers.ts';

const CONTEXT = 1024;
const task = { instruction: 'What is 8 + 2?', input: '' };
const WORDS = 'the dog, a cat; 12 and <unk> é 🙂 \u2003tab\t</s> ';

/** Two responses to be compared: short ones, one that is too long, two, and such as even their beginnings are. */
const PAIRS: readonly (readonly [string, string])[] = [
  ['10', '9'],
  [WORDS.repeat(60), '9'],
  ['9', `  ${WORDS.repeat(61)}`],
  [WORDS.repeat(50), `${WORDS.repeat(45)}!`],
  ['🙂'.repeat(3000), 'ab</s>c'.repeat(400)],
  ['x', 'y '.repeat(15_000)],
];

const partsOf = (responses: readonly [string, string]) => pandalmPrompt(task, responses);
const sent = ({ fixed, shortenable, removed }: ReturnType<typeof partsOf>) => ({
  prompt_parts: { fixed, shortenable, removed },
});

/** @param open the server of the suite, when its tests run */
export function judgeContract(open: () => TestedServer): void {
  const { ask, complete } = asking(open);

  it('shortens parts by the tokens of the model, as the harness shortens prompts of its own judges', async () => {
    const tokenizer = openTokenizer(nanoCheckpoint('judge'));
    for (const responses of PAIRS) {
      const parts = partsOf(responses);
      for (const max_tokens of [1, 200]) {
        const body = { model: 'judge', ...sent(parts), max_tokens, return_token_ids: true, stop: ['\n'] };
        const [choice] = (await complete(body)).choices as (Answer['choices'][number] & {
          truncated_tokens?: number;
        })[];
        const local = truncatePrompt(tokenizer, { text: promptText(parts), parts }, CONTEXT - max_tokens);
        expect(choice!.prompt_token_ids).toEqual(local.ids);
        expect(choice!.truncated_tokens ?? 0).toBe(local.truncatedTokens);
      }
    }
  });

  it('writes verdicts alone as the harness does: whole texts that end with their first line', async () => {
    const folder = join(tempFolder(), 'judge');
    importCheckpoint(nanoCheckpoint('judge'), folder, { precision: 'fp32' });
    const options = { label: 'judge', decoding: 'verdict-only', maxNewTokens: 200, batchSize: 4 } as const;
    const local = await openLocalCompleter(folder, { ...options, threads: 1 });
    const prompts = PAIRS.map((responses, tag) => {
      const parts = partsOf(responses);
      return { tag, text: promptText(parts), parts };
    });
    for await (const { tag, ...written } of local.complete(prompts)) {
      const body = { model: 'judge', ...sent(partsOf(PAIRS[tag]!)), max_tokens: 200 };
      const { choices, usage } = await complete({ ...body, stop_after_first_line: true });
      expect({ tag, text: choices[0]!.text, stop: choices[0]!.stop_reason }).toEqual({
        ...{ tag, text: 'text' in written && written.text },
        stop: 'stopReason' in written && written.stopReason,
      });
      expect(usage.completion_tokens).toBe('generatedTokens' in written && written.generatedTokens);
      if (tag === 0) expect(choices[0]!.text).toMatch(/^(1|2|Tie)\n$/);
    }
    await local.close();
  });

  it.each([
    ['prompt_parts', { prompt: 'Hello', ...sent(partsOf(['1', '2'])) }],
    ['prompt_parts', { prompt_parts: { fixed: ['a', 'b'], shortenable: ['c', 'd'] } }],
    ['prompt_parts', { prompt_parts: { fixed: ['a', 'b', 'c'], shortenable: ['c', 'd'], removed: [''] } }],
    ['stop_after_first_line', { prompt: 'Hello', stop_after_first_line: 'yes' }],
  ])('refuses %s that is none', async (key, change) => {
    const { status, body } = await ask<Refused>('/v1/completions', { model: 'judge', ...change });
    expect([status, body.error.code]).toEqual([400, 'invalid_value']);
    expect(body.error.message).toMatch(new RegExp(`^${key}`));
  });
}
