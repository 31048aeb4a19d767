import { describe, expect, it } from 'vitest';
import { findListed, requireFeature } from '../../../src/sources/served/find-listed.ts';
import { openServedCompleter } from '../../../src/sources/served/served-completer.ts';
import { servedDivergences } from '../../../src/sources/served/served-divergences.ts';
import { servedLikelihoods } from '../../../src/sources/served/served-likelihoods.ts';
import { servedKey, servedModel } from '../../../src/sources/served/served-model.ts';
import { listedModel } from '../../../src/sources/served/server-api.ts';
import { type Body, LISTED, placeAt, startListing } from './listed.ts';

const listed = listedModel.parse(LISTED);
const changed = (change: object) => listedModel.parse({ ...LISTED, ...change });
const completion = (body: Body, fingerprint = 'f1') => ({
  system_fingerprint: fingerprint,
  choices: [{ text: ` of ${body['model']}`, stop_reason: 'eos', token_ids: [5, 1] }],
  usage: { prompt_tokens: 3, completion_tokens: 2 },
});

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const collected: Item[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

describe('a model that a server lists', () => {
  it('is found by its bare name', async () => {
    const { place } = await startListing([{ ...LISTED, id: 'soft@4' }, LISTED]);
    expect(await findListed(place, 'soft', 'models.soft')).toMatchObject({ exits: [2, 3, 4] });
  });

  it.each<[string, readonly object[], string, string]>([
    [
      'that does not exist',
      [LISTED],
      'sft',
      'bad-config: models.x.model: expected one of the server’s models soft, found "sft".',
    ],
    [
      'named with an exit',
      [{ ...LISTED, id: 'soft@3' }, LISTED],
      'soft@3',
      'bad-config: models.x.model: expected one of the server’s models soft, found "soft@3".',
    ],
    ['of a server of another version', [{ ...LISTED, sorted_api: 2 }], 'soft', 'found version 2.'],
    [
      'of a server that only speaks OpenAI’s API',
      [{ id: 'soft', object: 'model' }],
      'soft',
      'found one that names no version.',
    ],
    ['without its sha256', [{ ...LISTED, weights_sha256: 'abc' }], 'soft', 'weights_sha256'],
  ])('%s is refused in one line', async (_, models, name, problem) => {
    const { place } = await startListing(models);
    const found = findListed(place, name, 'models.x').catch(({ code, message }) => `${code}: ${message}`);
    expect(await found).toContain(problem);
  });

  it('of a server that is not there is unanswered, which is no bad input', async () => {
    const failed = findListed(placeAt('http://127.0.0.1:9/v1'), 'soft', 'judge');
    await expect(failed).rejects.toMatchObject({ code: 'unanswered', where: 'judge.server' });
  });

  it('without a feature says what it has', () => {
    const only = changed({ features: ['kl'] });
    expect(() => requireFeature(only, 'beams', 'judge.decoding', 'Use greedy.')).toThrow(
      'judge.decoding: expected a server that has `beams`, found one that has kl. Use greedy.',
    );
  });
});

describe('the key of a served sub-model', () => {
  it.each([
    ['weights', { weights_sha256: 'c'.repeat(64) }],
    ['engine', { engine: 'pytorch/cpu' }],
    ['precision', { precision: 'fp16' }],
    ['configuration', { system_fingerprint: 'f2' }],
  ])('changes with its %s', (_, change) => {
    expect(servedKey(changed(change), 3)).not.toBe(servedKey(listed, 3));
  });

  it('changes with its exit, and not with its name, device or place', () => {
    expect(servedKey(listed, 2)).not.toBe(servedKey(listed, 3));
    expect(servedKey(changed({ id: 'x', root: 'x', device: 'another' }), 3)).toBe(servedKey(listed, 3));
  });
});

describe('what is asked of a served model', () => {
  const instruction = { id: 'i', instruction: 'Add.', input: '' };
  const request = { tag: 'i', instruction, prompt: { text: 'Add.' }, exits: [2, 4] };
  const generation = { maxNewTokens: 8, batchSize: 1 };

  it('are responses with their ids, at every exit', async () => {
    const { place, asked } = await startListing([LISTED], (body) => completion(body));
    const model = servedModel(
      { server: place, listed },
      { name: 'm', label: 'm', exits: undefined, form: undefined },
    );
    const replies = await collect(model.respond([request], { generation }));
    expect(asked.map(({ model: name }) => name)).toEqual(['soft@2', 'soft@4']);
    expect(asked[0]).toEqual({
      model: 'soft@2',
      prompt: 'Add.',
      max_tokens: 8,
      temperature: 0,
      return_token_ids: true,
    });
    expect(replies).toHaveLength(2);
    expect(replies.find(({ exit }) => exit === 4)).toMatchObject({
      ...{ tag: 'i', text: ' of soft@4', tokenIds: [5, 1], stopReason: 'eos' },
      ...{ promptTokens: 3, generatedTokens: 2 },
    });
  });

  it('are beams with the settings of the sweep file, of a server that lists them', async () => {
    const { place, asked } = await startListing([LISTED], (body) => completion(body));
    const names = { name: 'm', label: 'm', exits: [2], form: undefined };
    const beams = { ...generation, decoding: 'beams', repetitionPenalty: 1.2 } as const;
    await collect(servedModel({ server: place, listed }, names).respond([request], { generation: beams }));
    expect(asked[0]).toMatchObject({ num_beams: 4, repetition_penalty: 1.2, beam_rule: 'transformers-4.28' });
    const without = servedModel({ server: place, listed: changed({ features: [] }) }, names);
    expect(() => without.decoding(beams)).toThrow(
      'a server that has `beams`, found one that only gives texts',
    );
  });

  it('refuses an exit that the server has not', () => {
    const make = () =>
      servedModel(
        { server: placeAt('http://a/v1'), listed },
        { name: 'm', label: 'm', exits: [2, 5], form: undefined },
      );
    expect(make).toThrow(
      'models.m.exits: expected some of the exits 2, 3, 4 that the server has of soft, found 5.',
    );
  });

  it('ends when the server has another checkpoint by now', async () => {
    const { place } = await startListing([LISTED], (body) => completion(body, 'f2'));
    const model = servedModel(
      { server: place, listed },
      { name: 'm', label: 'm', exits: undefined, form: undefined },
    );
    const failed = collect(model.respond([request], { generation }));
    await expect(failed).rejects.toMatchObject({ code: 'bad-checkpoint', found: 'another: f2' });
  });

  it('are texts of a judge at full depth, with PandaLM’s beams', async () => {
    const { place, asked } = await startListing([LISTED], (body) => completion(body));
    const options = {
      label: 'judge',
      decoding: 'beams',
      beamRule: 'transformers-4.28',
      maxNewTokens: 512,
    } as const;
    const completer = openServedCompleter({ server: place, listed }, options);
    const [reply] = await collect(completer.complete([{ tag: 7, text: 'Which?' }]));
    expect(reply).toMatchObject({ tag: 7, text: ' of soft@4' });
    expect(asked[0]).toMatchObject({ num_beams: 4, repetition_penalty: 1.2, beam_rule: 'transformers-4.28' });
    expect(completer.settings).toMatchObject({ source: 'folder', decoding: 'beams' });
  });

  it('is KL at all exits, which comes with both fingerprints', async () => {
    const kl = { 2: [0.5, 0.25], 4: [0, 0] };
    const { place, asked } = await startListing([LISTED], () => ({
      ...{ system_fingerprint: 'f1', reference_fingerprint: 'f1', kl_nats: kl },
    }));
    const served = { server: place, listed };
    const sides = { model: served, exits: [2, 4], reference: served, referenceExit: 4 };
    const measured = await collect(
      servedDivergences(sides, [
        { prompt: 'a', referencePrompt: 'a', continuation: [5, 1] },
        { prompt: 'a', referencePrompt: 'b', continuation: [5, 1, 7] },
      ]),
    );
    expect(measured.find(({ response }) => response === 0)).toEqual({ response: 0, klNats: [kl[2], kl[4]] });
    expect(measured.find(({ response }) => response === 1)).toHaveProperty('error');
    expect(asked.find(({ reference_prompt }) => reference_prompt === 'b')).toMatchObject({
      ...{ model: 'soft', exits: [2, 4], reference: 'soft@4', prompt: 'a' },
    });
  });

  it('are loglikelihoods of ids; those of other tokens are refused', async () => {
    const { place } = await startListing([LISTED], () => ({
      system_fingerprint: 'f1',
      token_logprobs: { 4: [-1, -2] },
    }));
    const asked = [[5, 1], [5]].map((continuation, tag) => ({ tag, prompt: 'a', continuation }));
    const measured = await collect(servedLikelihoods({ server: place, listed }, 4, asked));
    expect(measured.find(({ tag }) => tag === 0)).toEqual({ tag: 0, nats: [-1, -2] });
    expect(measured.find(({ tag }) => tag === 1)).toHaveProperty('error');
  });
});
