/** Models and completions of docs/server-api.md. */

import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sha256OfSmallFile } from '../../../src/core/sha256.ts';
import { sha256OfAll } from '../../../src/model/tokenizer/tokenizer-sha256.ts';
import { listedModel } from '../../../src/sources/served/server-api.ts';
import { nanoCheckpoint } from '../served.ts';
import { asking, EXITS, type Json, soft } from './asking.ts';
import type { TestedServer } from './servers.ts';

/** @param open the server of the suite, when its tests run */
export function completionContract(open: () => TestedServer): void {
  const { get, complete } = asking(open);

  it('lists every sub-model with the keys of the contract', async () => {
    const { body } = await get<{ object: string; data: Json[] }>('/v1/models');
    expect(body.object).toBe('list');
    const ids = body.data.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([...EXITS.map((exit) => `soft@${exit}`), 'soft', 'judge']));
    for (const one of body.data) expect(listedModel.safeParse(one).error?.issues).toBeUndefined();
    const at = body.data.find(({ id }) => id === 'soft@6')!;
    expect(at).toMatchObject({
      object: 'model',
      owned_by: 'sorted-eval',
      root: 'soft',
      exit: 6,
      exits: EXITS,
    });
    expect(at).toMatchObject({ layers: 10, kind: 'soft', precision: 'fp32', max_model_len: 1024 });
    expect(at).toMatchObject({ sorted_api: 1, vocab_size: 386, has_chat_template: false });
    expect((await get('/v1/models/soft@6')).body).toEqual(at);
  });

  it('names weights, tokenizer and parameters of a checkpoint alike, whoever serves it', async () => {
    const { body } = await get('/v1/models/soft');
    const folder = nanoCheckpoint('soft');
    expect(body).toMatchObject({
      weights_sha256: sha256OfAll([sha256OfSmallFile(join(folder, 'model.safetensors'))]),
      tokenizer_sha256: sha256OfAll([sha256OfSmallFile(join(folder, 'tokenizer.json'))]),
      parameters: { body: 1_723_008, embedding: 49_408, head: 49_408, extra_heads: 0 },
    });
  });

  it('continues a text and its ids alike, at every exit, with the golden ids', async () => {
    const { prompt, prompt_ids, exits } = soft(1);
    const { body: listed } = await get<{ system_fingerprint: string }>('/v1/models/soft');
    for (const exit of EXITS) {
      for (const asked of [prompt, prompt_ids]) {
        const answer = await complete({
          model: `soft@${exit}`,
          prompt: asked,
          max_tokens: 32,
          return_token_ids: true,
        });
        const [choice] = answer.choices;
        expect(choice).toMatchObject({ token_ids: exits[exit], prompt_token_ids: prompt_ids });
        expect(answer).toMatchObject({ object: 'text_completion', model: `soft@${exit}` });
        expect(answer).toMatchObject({ system_fingerprint: listed.system_fingerprint });
        const [read, written] = [prompt_ids.length, exits[exit]!.length];
        const counts = { prompt_tokens: read, completion_tokens: written, total_tokens: read + written };
        expect(answer.usage).toMatchObject(counts);
      }
    }
  });

  it('means the deepest exit by the bare name of a model', async () => {
    const body = { prompt: soft(2).prompt_ids, max_tokens: 32, return_token_ids: true };
    const { choices } = await complete({ model: 'soft', ...body });
    expect(choices[0]!.token_ids).toEqual(soft(2).exits['10']);
  });

  it('answers a list of prompts in its order', async () => {
    const prompts = [3, 4, 5].map((index) => soft(index).prompt_ids);
    const body = { model: 'soft@5', prompt: prompts, max_tokens: 32, return_token_ids: true };
    const { choices } = await complete(body);
    expect(choices.map(({ token_ids }) => token_ids)).toEqual([3, 4, 5].map((one) => soft(one).exits['5']));
  });

  it('says why a response ends', async () => {
    const { prompt, exits } = soft(1);
    const whole = (await complete({ model: 'soft', prompt, max_tokens: 64 })).choices[0]!;
    expect(whole).toMatchObject({ finish_reason: 'stop', stop_reason: 'eos' });
    const cut = (await complete({ model: 'soft', prompt, max_tokens: 2 })).choices[0]!;
    expect(exits['10']!.length).toBeGreaterThan(2);
    expect(cut).toMatchObject({ finish_reason: 'length', stop_reason: 'token-limit' });
    const stop = whole.text.trim().slice(1, 2);
    const stopped = (await complete({ model: 'soft', prompt, max_tokens: 64, stop })).choices[0]!;
    expect(stopped).toMatchObject({ finish_reason: 'stop', stop_reason: 'stop-text' });
    expect(whole.text.startsWith(stopped.text)).toBe(true);
    expect(stopped.text).not.toContain(stop);
    const filled = Array.from({ length: 1022 }, (_, place) => soft(1).prompt_ids[place % 20]!);
    const end = (await complete({ model: 'soft@3', prompt: filled, max_tokens: 64, return_token_ids: true }))
      .choices[0]!;
    if (end.stop_reason !== 'eos') expect(end).toMatchObject({ stop_reason: 'context-end' });
    expect(end.token_ids!.length).toBeLessThanOrEqual(2);
  });

  it('gives log-probabilities of a prompt that is only read', async () => {
    const { prompt_ids } = soft(1);
    const body = { model: 'soft@4', prompt: prompt_ids, max_tokens: 0, echo: true, logprobs: 2 };
    const { logprobs } = (await complete(body)).choices[0]!;
    const { tokens, token_logprobs, top_logprobs, text_offset } = logprobs!;
    for (const list of [tokens, token_logprobs, top_logprobs, text_offset])
      expect(list).toHaveLength(prompt_ids.length);
    expect(token_logprobs[0]).toBeNull();
    expect(token_logprobs.slice(1).every((one) => one! <= 0)).toBe(true);
  });
}
