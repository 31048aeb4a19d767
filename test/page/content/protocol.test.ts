import { describe, expect, it } from 'vitest';
import { deviations, protocolSentences } from '../../../src/page/content/protocol.ts';
import { protocolRead } from '../../../src/page/queries/run-query.ts';
import { readFirst } from '../../../src/store/read/read.ts';
import { readRunHead } from '../../../src/store/read/run-head.ts';
import { sampleStore } from '../../store/sample.ts';

describe('protocolSentences', () => {
  it('states in words which models answered, who judged and how', () => {
    const store = sampleStore();
    const head = readRunHead(store, 'nano')!;
    const text = protocolSentences(head, {
      ...readFirst(store, protocolRead('nano'))!,
      judgeDecoding: '{"strategy":"beams","numBeams":4,"repetitionPenalty":1.2,"maxNewTokens":512}',
    }).join('\n');
    expect(text).toContain('2 models answered 3 instructions at 4 exits');
    expect(text).toContain('soft is compared with sft at 2 × 2 exits.');
    expect(text).toContain('Judge: nano-judge; its model was not stored.');
    expect(text).toContain('Decoding: 4 beams, repetition penalty 1.2, at most 512 new tokens.');
    expect(text).toContain('nano-judge read every pair twice');
    expect(text).toContain('seed 1');
    expect(text).toContain('not finished');
  });

  it('tells of models that decode in different ways, and of a server that is asked for a penalty', () => {
    const store = sampleStore();
    const row = readFirst(store, protocolRead('nano'))!;
    const soft = { path: 's', generation: { decoding: 'beams', repetitionPenalty: 1.2 } };
    const sentences = (models: object, generation: object) => {
      const config = JSON.stringify({ ...JSON.parse(row.config), models, generation });
      const all = protocolSentences(readRunHead(store, 'nano')!, { ...row, config });
      return all.filter((text) => text.startsWith('Answers of '));
    };
    expect(sentences({ soft, sft: { path: 't' } }, { maxNewTokens: 48 })).toEqual([
      'Answers of soft were decoded here, with 4 beams and a repetition penalty of 1.2, ranked as in transformers 4.28, up to 48 new tokens each.',
      'Answers of sft were decoded here, always with the most likely token, up to 48 new tokens each.',
    ]);
    const served = { endpoint: { baseUrl: 'http://a/v1' }, exits: { 2: 'two' } };
    expect(sentences({ soft: served, sft: served }, { repetitionPenalty: 1.2 })).toEqual([
      'Answers of soft, sft come from a server, asked for temperature 0 and a repetition penalty of 1.2.',
    ]);
  });

  it('names the form of each model that is not asked in Alpaca’s', () => {
    const store = sampleStore();
    const row = readFirst(store, protocolRead('nano'))!;
    const asked = { soft: { path: 's', prompt: 'chat', system: 'Be brief.' }, sft: { path: 't' } };
    const config = JSON.stringify({ ...JSON.parse(row.config), models: asked });
    const sentences = protocolSentences(readRunHead(store, 'nano')!, { ...row, config });
    expect(sentences.filter((text) => text.includes('is asked in the form'))).toEqual([
      'soft is asked in the form chat, with the system text “Be brief.”.',
    ]);
  });

  it('counts one thing as one, and names no judge of a run that compares nothing', () => {
    const store = sampleStore();
    const row = readFirst(store, protocolRead('nano'))!;
    const head = readRunHead(store, 'nano')!;
    const [model] = head.models;
    const alone = { ...model!, subModels: model!.subModels.slice(0, 1) };
    const text = protocolSentences({ ...head, models: [alone], comparisons: [] }, row).join('\n');
    expect(text).toContain('1 model answered 3 instructions at 1 exit.');
    expect(text).toContain('Nothing is judged: the run compares no models.');
    expect(text).not.toContain('nano-judge');
  });

  it('lists each deviation by itself', () => {
    expect(deviations({ judgeDeviations: 'greedy decoding; no penalty' })).toEqual([
      'greedy decoding',
      'no penalty',
    ]);
    expect(deviations({ judgeDeviations: null })).toEqual([]);
  });
});
