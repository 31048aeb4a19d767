import { describe, expect, it } from 'vitest';
import { readStateDict } from '../../../../src/model/checkpoint/torch/state-dict.ts';
import * as write from '../../../support/pickle-file.ts';

const { call, dict, named, pickle, tensor, text, tuple } = write;
const weight = tensor({ dtype: 'F32', shape: [2, 3], storage: '0' });
const read = (...operations: Buffer[]) => [...readStateDict(pickle(...operations))];
const failure = (...operations: Buffer[]) => {
  try {
    readStateDict(pickle(...operations));
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
};

describe('readStateDict', () => {
  it('finds dtype, shape, storage and offset of each tensor', () => {
    const part = tensor({ dtype: 'BF16', shape: [2], storage: '7', elements: 9, offset: 4 });
    expect(read(dict({ weight, part }))).toEqual([
      ['weight', { dtype: 'F32', shape: [2, 3], storage: '0', storageOffset: 0, isContiguous: true }],
      ['part', { dtype: 'BF16', shape: [2], storage: '7', storageOffset: 4, isContiguous: true }],
    ]);
  });

  it('takes an OrderedDict with attributes, and items one by one', () => {
    const ordered = call(named('collections', 'OrderedDict'));
    const item = Buffer.concat([text('weight'), weight, write.SETITEM]);
    const metadata = Buffer.concat([dict({ _metadata: dict({}) }), write.BUILD]);
    expect(read(ordered, item, metadata).map(([name]) => name)).toEqual(['weight']);
  });

  it('takes a parameter for its tensor', () => {
    const parameter = call(
      named('torch._utils', '_rebuild_parameter'),
      weight,
      write.NEWFALSE,
      call(named('collections', 'OrderedDict')),
    );
    expect(read(dict({ parameter }))[0]![1]).toMatchObject({ shape: [2, 3] });
  });

  it('knows rows from columns: a stride of a single element means nothing', () => {
    const shape = [3, 1];
    const isContiguous = (strides: number[]) =>
      read(dict({ a: tensor({ dtype: 'F32', shape, storage: '0', strides }) }))[0]![1].isContiguous;
    expect(isContiguous([1, 1])).toBe(true);
    expect(isContiguous([1, 99])).toBe(true);
    expect(isContiguous([2, 1])).toBe(false);
  });

  it('keeps a name that is special elsewhere', () => {
    expect(read(dict({ ['__proto__']: weight, constructor: weight })).map(([name]) => name)).toContain(
      'constructor',
    );
  });
});

describe('readStateDict refuses', () => {
  it.each<[string, Buffer[], RegExp]>([
    ['a name of another module', [named('os', 'system')], /os\.system, which no state dict needs/],
    [
      'an unknown operation, a number in decimal',
      [Buffer.from('I1\n')],
      /operation 0x49, which no state dict/,
    ],
    ['a call of what is no function', [text('x'), tuple(), write.REDUCE], /a call of what is no function/],
    [
      'arguments for an OrderedDict',
      [call(named('collections', 'OrderedDict'), tuple())],
      /a call of collections\.OrderedDict/,
    ],
    ['a list', [write.EMPTY_LIST], /something else than a state dict/],
    [
      'a key that is no name',
      [write.EMPTY_DICT, write.integer(1), weight, write.SETITEM],
      /key that is no name/,
    ],
    ['items of a tuple', [write.EMPTY_TUPLE, text('a'), weight, write.SETITEM], /items of what is no dict/],
    ['a value that is no tensor', [dict({ step: write.integer(3) })], /"step" holding something else/],
    ['an empty stack', [], /takes more than it put down/],
    ['items without a mark', [write.EMPTY_DICT, write.SETITEMS], /takes more than it put down/],
    ['a reference to nothing', [Buffer.from('h\x05')], /reference to what was never there/],
    [
      'an integer of 200 bytes',
      [Buffer.concat([Buffer.from([0x8a, 200]), Buffer.alloc(200, 1)])],
      /200 bytes/,
    ],
    ['a storage without a name', [text('0'), write.BINPERSID], /storage that is not named as PyTorch does/],
    [
      'a negative shape',
      [dict({ a: tensor({ dtype: 'F32', shape: [-1], storage: '0' }) })],
      /shape is no list of sizes/,
    ],
    [
      'a negative offset',
      [dict({ a: tensor({ dtype: 'F32', shape: [1], storage: '0', offset: -4 }) })],
      /shape is no list of sizes/,
    ],
    [
      'strides of another rank',
      [dict({ a: tensor({ dtype: 'F32', shape: [1], storage: '0', strides: [1, 1] }) })],
      /another number of strides/,
    ],
    ['millions of empty lists', [Buffer.alloc(2_100_000, write.EMPTY_LIST)], /more than 2000000 values/],
  ])('%s', (_name, operations, message) => {
    expect(failure(...operations)).toMatch(message);
  });

  it('a pickle that is cut anywhere', () => {
    const whole = pickle(dict({ weight }));
    for (let length = 0; length < whole.length; length++)
      expect(() => readStateDict(whole.subarray(0, length)), `${length}`).toThrow(
        /ends in the middle|took|takes/,
      );
  });
});
