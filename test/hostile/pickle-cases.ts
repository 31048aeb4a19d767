/** Pickles that are no state dict, or the state dict of something that is not there. */
import * as write from '../support/pickle-file.ts';
import type { TorchContent } from '../support/torch-file.ts';
import { casesOf, type HostileCase } from './hostile-case.ts';
import { headCases, rewrite } from './pickled-head.ts';

const { bytes, dict, integer, named, pickle, tensor, text } = write;

/** Operations of pickletools that no state dict needs; each would be sound Python. */
export function otherOperations(intact: TorchContent): HostileCase[] {
  const object = bytes('(', named('collections', 'OrderedDict'));
  return headCases(
    'operation',
    intact,
    {
      INST: bytes('(ios\nsystem\n'),
      OBJ: bytes(object, 'o'),
      NEWOBJ: bytes(named('collections', 'OrderedDict'), ')', [0x81]),
      NEWOBJ_EX: bytes(named('collections', 'OrderedDict'), ')}', [0x92]),
      EXT1: bytes([0x82, 1]),
      EXT2: bytes([0x83, 1, 0]),
      EXT4: bytes([0x84, 1, 0, 0, 0]),
      PERSID: bytes('Pstorage\n'),
      INT: bytes('I1\n'),
      LONG: bytes('L1L\n'),
      LONG4: bytes([0x8b, 1, 0, 0, 0, 1]),
      STRING: bytes("S'x'\n"),
      BINSTRING: bytes('T', [1, 0, 0, 0], 'x'),
      SHORT_BINSTRING: bytes('U', [1], 'x'),
      UNICODE: bytes('Vx\n'),
      BINBYTES: bytes('B', [1, 0, 0, 0], 'x'),
      SHORT_BINBYTES: bytes('C', [1], 'x'),
      BYTEARRAY8: bytes([0x96, 1, 0, 0, 0, 0, 0, 0, 0], 'x'),
      NEXT_BUFFER: bytes([0x97]),
      DUP: bytes('N2'),
      POP: bytes('NN0'),
      POP_MARK: bytes('N(1'),
      GET: bytes('g0\n'),
      PUT: bytes('Np0\n'),
      DICT: bytes('(d'),
      LIST: bytes('(l'),
      EMPTY_SET: bytes([0x8f]),
      FROZENSET: bytes('(', [0x91]),
      FLOAT: bytes('F1.5\n'),
      'no operation of any version': bytes([0xff]),
    },
    /the pickle operation 0x[0-9a-f]+, which no state dict needs/,
  );
}

/** Tensors that are not where they say. */
export function wrongTensors(intact: TorchContent): HostileCase[] {
  const shape = [262, 32];
  const head = (change: Partial<write.PickledTensor>) =>
    tensor({ dtype: 'F32', shape, storage: '1', elements: 262 * 32, ...change });
  return headCases('a tensor', intact, {
    'of a storage that is not there': head({ storage: '999' }),
    'of a storage up the folders': head({ storage: '../../../etc/passwd' }),
    'of an absolute path': head({ storage: '/etc/passwd' }),
    'of a storage without a name': head({ storage: '' }),
    'of the pickle itself': head({ storage: '../data.pkl' }),
    'of a storage with a zero byte': head({ storage: '1\0' }),
    'of a smaller storage': head({ shape: [2620, 32] }),
    'of 2^80 numbers': head({ shape: [2 ** 40, 2 ** 40] }),
    'of 2^52 rows': head({ shape: [2 ** 52, 32] }),
    'that starts after its storage': head({ offset: 262 * 32 }),
    'that starts one number late': head({ offset: 1 }),
    'that starts at 2^52': head({ offset: 2 ** 52 }),
    'that starts before its storage': head({ offset: -1 }),
    'with a negative size': head({ shape: [-262, -32] }),
    'of nine dimensions': head({ shape: [262, 32, 1, 1, 1, 1, 1, 1, 1] }),
    'of one number repeated': head({ strides: [0, 0] }),
    'of one row repeated': head({ strides: [0, 1] }),
    'that is transposed': head({ strides: [1, 262] }),
    'that goes backwards': head({ strides: [-32, -1] }),
    'of strides beyond all numbers': head({ strides: [2 ** 52, 1] }),
    'of integers': head({ dtype: 'I64', shape: [131, 32] }),
    'of halves that are floats': head({ dtype: 'F16', shape: [524, 32] }),
    'of no dimension': head({ shape: [] }),
  });
}

/** Pickles of another form. */
export function wrongPickles(intact: TorchContent): HostileCase[] {
  const { entries } = intact;
  const state = dict(entries);
  const whole = pickle(state);
  const memo = (index: number) => bytes('q', [index]);
  const recall = (index: number) => bytes('h', [index]);
  const contents: Record<string, Buffer> = {
    nothing: Buffer.alloc(0),
    'the end alone': bytes('.'),
    'no end': whole.subarray(0, -1),
    'half of it': whole.subarray(0, whole.length / 2),
    'a text of 2^63 bytes': pickle(bytes([0x8d, 0, 0, 0, 0, 0, 0, 0, 0x80])),
    'a text of 4 GB': pickle(bytes('X', [255, 255, 255, 255])),
    JSON: bytes('{"lm_head.weight": [1]}'),
    'Python source': bytes('import os\nos.system("x")\n'),
    'protocol 0': bytes('(dp0\n.'),
    'a list of tensors': pickle(write.EMPTY_LIST),
    'a tensor': pickle(entries['lm_head.weight']!),
    'a training checkpoint': pickle(dict({ model: state, optimizer: dict({}), epoch: integer(3) })),
    'keys that are numbers': pickle(bytes(write.EMPTY_DICT, integer(1), integer(2), write.SETITEM)),
    'a key that is a dict in itself': pickle(
      bytes(write.EMPTY_DICT, memo(0), recall(0), recall(0), write.SETITEM),
    ),
    'a dict in itself': pickle(bytes(write.EMPTY_DICT, memo(0), text('x'), recall(0), write.SETITEM)),
    'a list in itself': pickle(dict({ x: bytes(write.EMPTY_LIST, memo(0), recall(0), 'a') })),
    'lists that double forty times': pickle(
      dict({
        x: bytes(
          write.EMPTY_LIST,
          memo(0),
          ...Array(40).fill(bytes('(', recall(0), recall(0), 't', memo(0))),
        ),
      }),
    ),
    '100,000 dicts in each other': pickle(Buffer.alloc(100_000, '}')),
    '3,000,000 marks': pickle(Buffer.alloc(3_000_000, '(')),
    '3,000,000 empty lists': pickle(Buffer.alloc(3_000_000, ']')),
    '3,000,000 recalls': pickle(bytes(']', memo(0), Buffer.alloc(6_000_000, recall(0)))),
    'the largest index of the memo': pickle(bytes('Nr', [255, 255, 255, 255], 'j', [255, 255, 255, 255])),
    'an integer of 255 bytes': pickle(bytes([0x8a, 255], Buffer.alloc(255, 7))),
    'a further frame of 2^63 bytes': pickle(bytes([0x95, 0, 0, 0, 0, 0, 0, 0, 0x80])),
    'no tensor at all': pickle(dict({})),
    'a tensor less': pickle(dict(Object.fromEntries(Object.entries(entries).slice(1)))),
  };
  return casesOf('pickle', contents, (folder, content) => rewrite(folder, intact, content));
}
