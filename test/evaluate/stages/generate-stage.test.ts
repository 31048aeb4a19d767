import { describe, expect, it } from 'vitest';
import { readResponses } from '../../../src/store/tables/response-table.ts';
import { fakeInstructions, fakeModel, fakeRun, generateFrom, rowsOf, scriptedSource } from '../fake-run.ts';

const write = (id: string, exit: number) => `${id} at ${exit}`;

describe('generating', () => {
  it('asks for every instruction at every exit and stores each response under its instruction', async () => {
    const run = fakeRun();
    const source = scriptedSource(write);
    expect(await generateFrom(run, source)).toEqual([]);
    expect(source.requested).toEqual(['i0@3', 'i0@4', 'i1@3', 'i1@4', 'i2@3', 'i2@4']);
    const stored = readResponses(run.store, run.run, { model: 'soft', exit: 4 });
    expect([...stored].map(([id, { text, tokenIds }]) => [id, text, tokenIds!.length])).toEqual([
      ['i0', 'i0 at 4', 7],
      ['i1', 'i1 at 4', 7],
      ['i2', 'i2 at 4', 7],
    ]);
  });

  it('asks for nothing that is stored, and leaves it as it was', async () => {
    const run = fakeRun();
    await generateFrom(run, scriptedSource(write));
    const before = [rowsOf(run.store, 'generation'), rowsOf(run.store, 'answer')];
    const again = scriptedSource(() => 'another text');
    await generateFrom(run, again);
    expect(again.requested).toEqual([]);
    expect([rowsOf(run.store, 'generation'), rowsOf(run.store, 'answer')]).toEqual(before);
  });

  it('asks for one exit of an instruction whose other exits are stored', async () => {
    const run = fakeRun();
    const failsOnce = scriptedSource((id, exit) => {
      if (id === 'i1' && exit === 4) throw new Error('busy');
      return write(id, exit);
    });
    const missing = await generateFrom(run, failsOnce);
    expect(missing).toEqual([{ label: 'soft: answers', total: 6, reasons: ['busy'] }]);
    expect(rowsOf(run.store, 'answer')).toHaveLength(5);
    const again = scriptedSource(write);
    expect(await generateFrom(run, again)).toEqual([]);
    expect(again.requested).toEqual(['i1@4']);
    expect(rowsOf(run.store, 'answer')).toHaveLength(6);
  });

  it('makes the response of an equal sub-model the second model’s too', async () => {
    const sft = fakeModel('sft');
    const keys = new Map([[3, 'own key'], ...[...sft.keys].slice(1)] as [number, string][]);
    const run = fakeRun({ models: [sft, fakeModel('early-exit', { keys })] });
    await generateFrom(run, scriptedSource(write));
    expect(run.progress.computed).toEqual(
      new Map([
        ['sft: answers', 6],
        ['early-exit: answers', 3],
      ]),
    );
    expect(rowsOf(run.store, 'answer')).toHaveLength(12);
    expect(rowsOf(run.store, 'generation')).toHaveLength(9);
  });

  it('keeps what came before an interruption, whole units and the last part', async () => {
    const interrupt = new AbortController();
    const run = fakeRun({ instructions: fakeInstructions(50) });
    const source = scriptedSource((id, exit) => {
      if (id === 'i40') interrupt.abort(new Error('Ctrl-C'));
      return write(id, exit);
    });
    await expect(generateFrom({ ...run, signal: interrupt.signal }, source)).rejects.toThrow();
    expect(rowsOf(run.store, 'answer')).toHaveLength(source.requested.length);
    const again = scriptedSource(write);
    await generateFrom(run, again);
    expect(again.requested).toHaveLength(100 - source.requested.length);
    expect(rowsOf(run.store, 'answer')).toHaveLength(100);
  });
});
