/** Features of docs/server-api.md; a server that does not list one must refuse it. */

import { expect, it } from 'vitest';
import type { Answer } from '../served.ts';
import { asking, EXITS, golden, type Json, type Refused, soft } from './asking.ts';
import type { TestedServer } from './servers.ts';

const TOLERANCE = 1e-5;

/** @param open the server of the suite, when its tests run */
export function featureContract(open: () => TestedServer): void {
  const { ask, get, featuresOf } = asking(open);

  it('has the golden ids of full depth where it lists speculative decoding', async () => {
    const [listed] = await listedBy((id) => id.startsWith('soft@speculative:'));
    const model = String(listed?.['id'] ?? 'soft@speculative:4:3');
    const prompt = [1, 2, 6].map((index) => soft(index).prompt_ids);
    const body = { model, prompt, max_tokens: 32, return_token_ids: true };
    const { status, body: found } = await ask<Answer & Refused>('/v1/completions', body);
    if (!listed) return expect([status, found.error.code]).toEqual([404, 'model_not_found']);
    expect(listed).toMatchObject({ exit: 10, speculative: { draft: expect.any(Number) } });
    expect(found.choices.map(({ token_ids }) => token_ids)).toEqual(
      [1, 2, 6].map((index) => soft(index).exits['10']),
    );
    expect(found.choices[0]!.drafts!.drafted).toBeGreaterThanOrEqual(found.choices[0]!.drafts!.accepted);
  });

  it('says at which exit each token left where it lists adaptive depth', async () => {
    for (const { id, exit } of await listedBy((id) => id.includes('@adaptive:'))) {
      const body = { model: id, prompt: soft(1).prompt_ids, max_tokens: 32, return_token_ids: true };
      const [choice] = (await ask<Answer>('/v1/completions', body)).body.choices;
      expect(exit).toBeUndefined();
      expect(choice!.token_exits).toHaveLength(choice!.token_ids!.length);
      expect(choice!.token_exits!.every((one) => EXITS.includes(one))).toBe(true);
    }
  });

  async function listedBy(wanted: (id: string) => boolean): Promise<Json[]> {
    const { body } = await get<{ data: Json[] }>('/v1/models');
    return body.data.filter(({ id }) => wanted(String(id)));
  }

  it('measures KL where it lists `kl`, as the nano run did', async () => {
    const [stored] = storedCases().filter(({ kl_nats }) => kl_nats);
    const { model, exit, reference, instruction, answer_ids, kl_nats } = stored!;
    const prompt = soft(instruction).prompt_ids;
    const body = { model: `${model}@${exit}`, reference, prompt, continuation: answer_ids };
    const { status, body: found } = await ask<Json & Refused>('/v1/sorted/kl', body);
    if (!(await featuresOf(model)).includes('kl'))
      return expect([status, found.error.code]).toEqual([404, 'not_found']);
    expectClose((found['kl_nats'] as Record<string, number[]>)[exit]!, kl_nats!);
    const fingerprints = await Promise.all(
      [model, reference!].map((id) =>
        get<Json>(`/v1/models/${id}`).then((one) => one.body['system_fingerprint']),
      ),
    );
    expect([found['system_fingerprint'], found['reference_fingerprint']]).toEqual(fingerprints);
    const vocabulary = await ask<Refused>('/v1/sorted/kl', { ...body, exits: [99] });
    expect(vocabulary.body.error).toMatchObject({ code: 'invalid_value', param: 'exits' });
  });

  it('measures loglikelihoods at all exits in one request where it lists `loglikelihood`', async () => {
    const [stored] = storedCases().filter(
      (one) => one.mean_log_probability !== undefined && one.model === 'sft',
    );
    const { model, exit, instruction, answer_ids, mean_log_probability } = stored!;
    const body = { model, prompt: soft(instruction).prompt_ids, continuation: answer_ids };
    const { status, body: found } = await ask<Json & Refused>('/v1/sorted/loglikelihood', body);
    if (!(await featuresOf(model)).includes('loglikelihood'))
      return expect([status, found.error.code]).toEqual([404, 'not_found']);
    const byExit = found['token_logprobs'] as Record<string, number[]>;
    expect(Object.keys(byExit).map(Number)).toEqual(EXITS);
    const own = byExit[exit]!;
    expectClose([own.reduce((sum, one) => sum + one, 0) / own.length], [mean_log_probability!]);
  });

  it('searches beams where it lists `beams`, as PandaLM’s transformers does', async () => {
    const [stored] = golden<BeamCase>('nano-judge-beams-4.28');
    const beams = { num_beams: 4, repetition_penalty: 1.2, beam_rule: 'transformers-4.28', max_tokens: 512 };
    const body = { model: 'judge', prompt: stored!.prompt_ids, return_token_ids: true };
    const { status, body: found } = await ask<Answer & Refused>('/v1/completions', { ...body, ...beams });
    if (!(await featuresOf('judge')).includes('beams')) return expect(status).toBe(400);
    expect(found.choices[0]!.token_ids).toEqual(stored!.answer_ids);
  });

  it('times decoding where it lists `speed`', async () => {
    const body = { model: 'soft@3', prompt: 'Hello', prompt_tokens: 16, batch_size: 2, steps: 3 };
    const { status, body: found } = await ask<Json & Refused>('/v1/sorted/speed', body);
    if (!(await featuresOf('soft')).includes('speed'))
      return expect([status, found.error.code]).toEqual([404, 'not_found']);
    expect(found['tokens']).toBe(6);
    expect(found['duration_ms']).toBeGreaterThan(0);
  });
}

interface BeamCase {
  readonly prompt_ids: number[];
  readonly answer_ids: number[];
}

interface StoredCase {
  readonly instruction: number;
  readonly model: string;
  readonly exit: number;
  readonly reference?: string;
  readonly answer_ids: number[];
  readonly kl_nats?: number[];
  readonly mean_log_probability?: number;
}

function storedCases(): StoredCase[] {
  return golden<StoredCase>('nano-stored').filter(
    ({ model, reference = 'soft' }) => ['soft', 'sft'].includes(model) && !/early/.test(reference),
  );
}

function expectClose(found: readonly number[], expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  for (const [place, value] of found.entries())
    expect(Math.abs(value - expected[place]!)).toBeLessThan(TOLERANCE);
}
