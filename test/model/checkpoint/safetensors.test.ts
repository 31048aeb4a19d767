import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSafetensorsHeader } from '../../../src/model/checkpoint/safetensors.ts';
import { inputErrorOf } from '../../support/failure.ts';
import { safetensorsBytes, writeSafetensors } from '../../support/safetensors-file.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const folder = tempFolder();
const path = join(folder, 'model.safetensors');
const tensors = [
  { name: 'a', shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) },
  { name: 'b', shape: [2], values: Float32Array.of(7, 8) },
];

describe('readSafetensorsHeader', () => {
  it('finds each tensor where its numbers are', () => {
    writeSafetensors(path, tensors, 'F32');
    const { tensors: found, fileBytes } = readSafetensorsHeader(path);
    const bytes = readFileSync(path);
    expect([...found.keys()]).toEqual(['a', 'b']);
    expect(found.get('a')).toMatchObject({ dtype: 'F32', shape: [2, 3], bytes: 24 });
    expect(bytes.readFloatLE(found.get('b')!.offset + 4)).toBe(8);
    expect(fileBytes).toBe(bytes.length);
  });

  it('counts two bytes for each BF16 number', () => {
    writeSafetensors(path, tensors, 'BF16');
    expect(readSafetensorsHeader(path).tensors.get('a')).toMatchObject({ dtype: 'BF16', bytes: 12 });
  });

  it('passes dtypes that it does not know, for the caller to refuse', () => {
    writeFileSync(path, safetensorsBytes(headerOf({ a: ['I64', [1], 0, 8] }), new Uint8Array(8)));
    expect(readSafetensorsHeader(path).tensors.get('a')!.dtype).toBe('I64');
  });
});

describe('readSafetensorsHeader refuses', () => {
  const failure = (bytes: Uint8Array) => {
    writeFileSync(path, bytes);
    return inputErrorOf(() => readSafetensorsHeader(path));
  };

  it('a missing file', async () => {
    const missing = join(folder, 'missing.safetensors');
    const error = await inputErrorOf(() => readSafetensorsHeader(missing));
    expect(error).toMatchObject({ code: 'not-found', where: missing });
  });

  it('a folder in the place of the file', async () => {
    const place = join(folder, 'folder.safetensors');
    mkdirSync(place);
    const error = await inputErrorOf(() => readSafetensorsHeader(place));
    expect(error).toMatchObject({ code: 'not-readable', where: place });
  });

  it('a file that was cut anywhere: in the length, the header or the numbers', async () => {
    writeSafetensors(path, tensors, 'F32');
    const whole = readFileSync(path);
    const headerEnd = 8 + Number(whole.readBigUInt64LE());
    for (const length of [0, 5, 8, 9, headerEnd - 1, headerEnd, headerEnd + 24, whole.length - 1]) {
      const error = await failure(whole.subarray(0, length));
      expect(['bad-checkpoint', 'not-json']).toContain(error.code);
      expect(error.where.startsWith(path)).toBe(true);
    }
  });

  it('a header longer than the file', async () => {
    const bytes = safetensorsBytes('{}');
    bytes.writeBigUInt64LE(2n ** 63n);
    const error = await failure(bytes);
    expect(error.code).toBe('bad-checkpoint');
    expect(error.message).toContain('10 bytes, header of 9223372036854776000 bytes');
  });

  it('a text file', async () => {
    const error = await failure(Buffer.from('<!DOCTYPE html><html><body>401</body></html>'));
    expect(error.code).toBe('bad-checkpoint');
  });

  it('a header that is not JSON', async () => {
    expect(await failure(safetensorsBytes('{"a": '))).toMatchObject({ code: 'not-json', where: path });
  });

  it('a tensor that the header has twice, of which JSON.parse keeps the last', async () => {
    const entry = '{"dtype":"F32","shape":[4],"data_offsets":[0,16]}';
    const error = await failure(safetensorsBytes(`{"a":${entry},"a":${entry}}`, new Uint8Array(16)));
    expect(error).toMatchObject({ code: 'not-json', where: path });
    expect(error.message).toContain('each key of an object once, found "a" twice');
  });

  it('a tensor by the name of __proto__ that takes bytes of another', async () => {
    const entry = '{"dtype":"F32","shape":[4],"data_offsets":[0,16]}';
    const error = await failure(safetensorsBytes(`{"a":${entry},"__proto__":${entry}}`, new Uint8Array(16)));
    expect(error.message).toContain('after a');
  });

  it.each<[string, string, string]>([
    ['a header that is a list', '[]', 'starts with {'],
    [
      'an entry without offsets',
      '{"a":{"dtype":"F32","shape":[1]}}',
      'data_offsets: expected a list, found nothing',
    ],
    ['a negative size', headerOf({ a: ['F32', [-1], 0, 4] }), 'shape.0: expected at least 0, found -1'],
    ['offsets beyond the file', headerOf({ a: ['F32', [5], 0, 20] }), 'inside the file'],
    ['an end before its begin', headerOf({ a: ['F32', [1], 8, 4] }), 'found bytes 8 to 4'],
    [
      'fewer bytes than the shape needs',
      headerOf({ a: ['F32', [4], 0, 8] }),
      '16 bytes for F32 [4], found 8',
    ],
    ['more bytes than the shape needs', headerOf({ a: ['F16', [2], 0, 8] }), '4 bytes for F16 [2], found 8'],
    ['overlapping tensors', headerOf({ b: ['F32', [2], 4, 12], a: ['F32', [2], 0, 8] }), 'after a'],
    ['a hole between tensors', headerOf({ a: ['F32', [1], 0, 4], b: ['F32', [2], 8, 16] }), 'after a'],
    ['numbers that belong to no tensor', headerOf({ a: ['F32', [2], 0, 8] }), 'as its header describes'],
  ])('%s', async (_, header, message) => {
    const error = await failure(safetensorsBytes(header, new Uint8Array(16)));
    expect(error.code).toBe('bad-checkpoint');
    expect(error.where.startsWith(path)).toBe(true);
    expect(error.message).toContain(message);
  });
});

function headerOf(
  entries: Record<string, [dtype: string, shape: number[], begin: number, end: number]>,
): string {
  const header = Object.entries(entries).map(([name, [dtype, shape, begin, end]]) => [
    name,
    { dtype, shape, data_offsets: [begin, end] },
  ]);
  return JSON.stringify(Object.fromEntries(header));
}
