/** Archives that are damaged, that lie about their entries, or that are something else. */
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../support/random.ts';
import { writeSparseZip, type ZipPart, zipBytes } from '../support/zip-file.ts';
import { casesOf, editJson, type HostileCase } from './hostile-case.ts';

const weights = (folder: string) => join(folder, 'pytorch_model.bin');

/** Cut anywhere: in the entries, the directory or its end. */
export function cutArchives(intact: Buffer): HostileCase[] {
  const random = seededRandom(17);
  const lengths = [
    ...[0, 1, 3, 4, 29, 30, 64],
    ...Array.from({ length: 10 }, () => random.below(intact.length)),
    ...[100, 23, 22, 21, 1].map((missing) => intact.length - missing),
  ];
  return [...new Set(lengths)].map((length) => ({
    name: `cut to ${length} of ${intact.length} bytes`,
    change: (folder) => truncateSync(weights(folder), length),
  }));
}

/** One entry that is not what it says, or that lies where it must not. */
export function lyingEntries(parts: readonly ZipPart[]): HostileCase[] {
  const storage = parts.findIndex(({ name }) => name.endsWith('data/1'));
  const size = (parts[storage]!.data as Uint8Array).length;
  const lies: Record<string, Omit<ZipPart, 'name' | 'data'>> = {
    'another name before it': { local: { name: 'archive/data/7' } },
    'a longer name before it': { local: { name: 'archive/data/1/and/more' } },
    'another method before it': { local: { method: 8 } },
    'another size before it': { local: { size: 7 } },
    compressed: { directory: { method: 8 }, local: { method: 8 } },
    'compressed by an unknown method': { directory: { method: 99 }, local: { method: 99 } },
    'a zip bomb': { directory: { method: 8, originalSize: 2 ** 50 }, local: { method: 8 } },
    'larger than it is stored': { directory: { originalSize: 2 ** 31 } },
    encrypted: { directory: { flags: 0x0809 } },
    'longer than the file': { directory: { size: 2 ** 31, originalSize: 2 ** 31 } },
    'of 2^50 bytes': { directory: { size: 2 ** 50, originalSize: 2 ** 50 } },
    'over the entry after it': { directory: { size: size + 200, originalSize: size + 200 } },
    'shorter than its tensor': { directory: { size: size - 4, originalSize: size - 4 } },
    'of no bytes': { directory: { size: 0, originalSize: 0 } },
    'at the first entry’s place': { directory: { offset: 0 } },
    'inside another entry': { directory: { offset: 200 } },
    'behind the file': { directory: { offset: 2 ** 31 } },
    'at 2^50': { directory: { offset: 2 ** 50 } },
    'a name up the folders': { directory: { name: '../data/1' }, local: { name: '../data/1' } },
    'an absolute name': { directory: { name: '/archive/data/1' }, local: { name: '/archive/data/1' } },
    'a name on a drive': { directory: { name: 'C:/data/1' }, local: { name: 'C:/data/1' } },
    'a name with backslashes': {
      directory: { name: 'archive\\data\\1' },
      local: { name: 'archive\\data\\1' },
    },
    'the name of another entry': { directory: { name: 'archive/data/0' }, local: { name: 'archive/data/0' } },
    'no name': { directory: { name: '' }, local: { name: '' } },
  };
  return casesOf('an entry', lies, (folder, lie) => {
    const damaged = parts.map((part, index) => (index === storage ? { ...part, ...lie } : part));
    writeFileSync(weights(folder), zipBytes(damaged));
  });
}

/** Archives of other entries. */
export function otherArchives(parts: readonly ZipPart[]): HostileCase[] {
  const [state, ...rest] = parts as [ZipPart, ...ZipPart[]];
  const archives: Record<string, readonly ZipPart[]> = {
    'without entries': [],
    'without a pickle': rest,
    'with a pickle in no folder': [{ ...state, name: 'data.pkl' }, ...rest],
    'with a pickle as a folder': [{ ...state, name: 'archive/data.pkl/' }, ...rest],
    'with two pickles': [state, { ...state, name: 'other/data.pkl' }, ...rest],
    'with a pickle twice': [state, state, ...rest],
    'with numbers in another folder': [{ ...state, name: 'elsewhere/data.pkl' }, ...rest],
    'with an endless pickle': [{ name: 'archive/data.pkl', data: 100_000_000 }, ...rest],
    'of big-endian numbers': parts.map((part) =>
      part.name.endsWith('byteorder') ? { ...part, data: Buffer.from('big') } : part,
    ),
  };
  return casesOf('an archive', archives, (folder, entries) => writeSparseZip(weights(folder), entries));
}

/** The last 22 bytes, which say where the directory is. */
export function wrongEnds(intact: Buffer): HostileCase[] {
  const start = intact.length - 22;
  const ends: Record<string, (end: Buffer) => unknown> = {
    'fewer entries': (end) => end.writeUInt16LE(1, 10),
    'no entries': (end) => end.writeUInt16LE(0, 10),
    'more entries': (end) => end.writeUInt16LE(60_000, 10),
    'another disk': (end) => end.writeUInt16LE(3, 4),
    'a directory behind the file': (end) => end.writeUInt32LE(0x7fffffff, 16),
    'a directory at the start': (end) => end.writeUInt32LE(0, 16),
    'a directory in the numbers': (end) => end.writeUInt32LE(1000, 16),
    'a longer comment': (end) => end.writeUInt16LE(500, 20),
    'ZIP64 that is not there': (end) => end.writeUInt32LE(0xffffffff, 16),
    'no signature': (end) => end.writeUInt32LE(0, 0),
  };
  return casesOf('an end of', ends, (folder, change) => {
    const bytes = Buffer.from(intact);
    change(bytes.subarray(start));
    writeFileSync(weights(folder), bytes);
  });
}

export function notArchives(): HostileCase[] {
  const legacy = readFileSync('test/golden/torch/refused/before-1.6.bin');
  const contents: Record<string, string | Buffer> = {
    'an empty file': '',
    'four bytes of a zip': Buffer.from('504b0304', 'hex'),
    'the pointer of git-lfs': 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n',
    'a web page': '<!DOCTYPE html><html><body>404: Not Found</body></html>'.repeat(20),
    'a safetensors file': Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('{}')]),
    'the format before PyTorch 1.6': legacy,
    'half of the format before PyTorch 1.6': legacy.subarray(0, 20),
    'a pickle': Buffer.from('\x80\x02cos\nsystem\nX\x01\0\0\0x\x85R.', 'latin1'),
    'a gzip': Buffer.from('1f8b0800000000000003', 'hex'),
    GGUF: Buffer.concat([Buffer.from('GGUF\x03\0\0\0', 'latin1'), Buffer.alloc(64)]),
    zeros: Buffer.alloc(10_000),
  };
  return casesOf('in place of the weights', contents, (folder, content) =>
    writeFileSync(weights(folder), content),
  );
}

/** Names of shards that lead out of the folder. */
export function wrongBinShards(): HostileCase[] {
  const names: Record<string, unknown> = {
    'a folder up': '../outside/pytorch_model.bin',
    'an absolute path': '/etc/passwd.bin',
    'a backslash': '..\\pytorch_model.bin',
    'another kind of file': 'model.safetensors',
    'the index': 'pytorch_model.bin.index.json',
    'a zero byte': 'pytorch_model\0.bin',
    'a file that is not there': 'pytorch_model-00009-of-00002.bin',
    'no text': 7,
  };
  return casesOf('a shard', names, (folder, name) =>
    editJson(folder, 'pytorch_model.bin.index.json', ({ weight_map }) => ({
      weight_map: { ...(weight_map as object), 'model.norm.weight': name },
    })),
  );
}
