/** Headers of safetensors that lie. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Header, safetensorsBytes } from '../support/safetensors-file.ts';
import { casesOf, type HostileCase, readParts } from './hostile-case.ts';

type Entry = Header[string];
const weights = (folder: string) => join(folder, 'model.safetensors');
const TENSORS = ['model.embed_tokens.weight', 'model.layers.1.mlp.down_proj.weight', 'model.norm.weight'];

/** Entries whose offsets, shape or dtype are wrong, for tensors at the begin, in the middle and at the end. */
export function wrongEntries(): HostileCase[] {
  const offsets = (change: (begin: number, end: number) => unknown) => (entry: Entry) => ({
    ...entry,
    data_offsets: change(entry.data_offsets[0]!, entry.data_offsets[1]!),
  });
  const shape = (change: (shape: readonly number[]) => unknown) => (entry: Entry) => ({
    ...entry,
    shape: change(entry.shape),
  });
  const dtype = (value: unknown) => (entry: Entry) => ({ ...entry, dtype: value });
  const wrong: Record<string, (entry: Entry) => unknown> = {
    'offsets 4 bytes earlier': offsets((begin, end) => [begin - 4, end - 4]),
    'offsets 4 bytes later': offsets((begin, end) => [begin + 4, end + 4]),
    'offsets far beyond the file': offsets((begin, end) => [begin + 1e12, end + 1e12]),
    'offsets of 2^53': offsets(() => [0, 2 ** 53]),
    'offsets of 1e308': offsets(() => [1e308, 1e308]),
    'offsets the wrong way round': offsets((begin, end) => [end, begin]),
    'negative offsets': offsets((begin, end) => [begin - end, 0]),
    'fractional offsets': offsets((begin, end) => [begin + 0.5, end + 0.5]),
    'offsets as texts': offsets((begin, end) => [`${begin}`, `${end}`]),
    'one offset': offsets((begin) => [begin]),
    'three offsets': offsets((begin, end) => [begin, end, end]),
    'offsets null': offsets(() => null),
    'the bytes of the tensor before': offsets((begin, end) => [2 * begin - end, begin]),
    'an empty range': offsets((begin) => [begin, begin]),
    'a shape of one number more': shape((sizes) => [...sizes, 1]),
    'a shape of one number less': shape((sizes) => sizes.slice(1)),
    'a shape one row longer': shape(([first, ...rest]) => [first! + 1, ...rest]),
    'a shape of the same product': shape(([first, ...rest]) => [
      first! * 2,
      ...rest.map((size) => size / 2),
      1,
    ]),
    'a shape of 0': shape((sizes) => sizes.map(() => 0)),
    'a negative shape': shape((sizes) => sizes.map((size) => -size)),
    'a fractional shape': shape((sizes) => sizes.map((size) => size / 3)),
    'a shape beyond all numbers': shape(() => [2 ** 52, 2 ** 52]),
    'a shape of texts': shape((sizes) => sizes.map(String)),
    'a nested shape': shape((sizes) => [sizes]),
    'a shape of 100,000 texts': shape(() => Array(100_000).fill('x')),
    'no shape': ({ dtype, data_offsets }) => ({ dtype, data_offsets }),
    'dtype F64': dtype('F64'),
    'dtype I32': dtype('I32'),
    'dtype F16 for the bytes of F32': dtype('F16'),
    'dtype f32': dtype('f32'),
    'dtype U8': dtype('U8'),
    'dtype null': dtype(null),
    'dtype as a list': dtype(['F32']),
    'dtype __proto__': dtype('__proto__'),
    'dtype constructor': dtype('constructor'),
    'dtype of a megabyte': dtype('F'.repeat(1_000_000)),
    'a list in the place of the entry': () => ['F32', [1], [0, 4]],
    'null in the place of the entry': () => null,
  };
  return TENSORS.flatMap((name) =>
    casesOf(name, wrong, (folder, change) =>
      editHeader(folder, (header) => ({ ...header, [name]: change(header[name]!) as Entry })),
    ),
  );
}

/** Headers of another form, or of other names. */
export function wrongHeaders(): HostileCase[] {
  const entry = '{"dtype":"F32","shape":[1],"data_offsets":[0,4]}';
  const text: Record<string, (header: string) => string | Buffer> = {
    nothing: () => '',
    'an empty object': () => '{}',
    'a list': (header) => `[${header.trimEnd()}]`,
    null: () => 'null',
    'a text': () => '"{}"',
    'a byte order mark first': (header) => Buffer.from(`\ufeff${header}`),
    'white space first': (header) => ` ${header}`,
    'two objects': (header) => `${header.trimEnd()}{}`,
    'half an object': (header) => header.slice(0, header.length / 2),
    'a comma too much': (header) => header.trimEnd().replace(/}$/, ',}'),
    'a comment': (header) => header.replace('{', '{/* weights */'),
    'single quotes': (header) => header.replaceAll('"', "'"),
    'bytes that are not UTF-8': (header) =>
      Buffer.from(header.replace('model.norm', 'model.n\xffrm'), 'latin1'),
    'UTF-16': (header) => Buffer.from(header, 'utf16le'),
    zeros: (header) => '\0'.repeat(header.length),
    'a million levels of lists': (header) =>
      header.replace('{', `{"x":${'['.repeat(1e6)}${']'.repeat(1e6)},`),
    'a million levels of objects': () => '{"x":'.repeat(1e6),
    'a tensor twice': (header) => header.replace('{', `{"model.norm.weight":${entry},`),
    'a tensor twice, spelled otherwise': (header) =>
      header.replace('{', `{"model.norm.weigh\\u0074":${entry},`),
    'a key of an entry twice': (header) => header.replace('"dtype"', '"dtype":"F16","dtype"'),
    'a tensor __proto__ over the bytes of another': (header) => header.replace('{', `{"__proto__":${entry},`),
    'a tensor toString over the bytes of another': (header) => header.replace('{', `{"toString":${entry},`),
    'a name with a line break': (header) =>
      header.replace('model.norm.weight', 'model.norm.\\n\\u001b[2Jweight'),
    'a name with a zero byte': (header) => header.replace('model.norm.weight', 'model.norm.weight\\u0000'),
    'half a surrogate pair in a name': (header) => header.replace('model.norm.weight', 'model.norm.\\ud800'),
    'a name of a megabyte': (header) => header.replace('model.norm.weight', 'model.layers.'.repeat(80_000)),
    'a layer that the network lacks': (header) => header.replace('layers.1.mlp.up', 'layers.7.mlp.up'),
    'a bias in the place of a weight': (header) =>
      header.replace('0.self_attn.q_proj.weight', '0.self_attn.q_proj.bias'),
    'metadata alone': () => '{"__metadata__":{"format":"pt"}}',
  };
  return casesOf('header', text, (folder, change) => {
    const { header, data } = readParts(weights(folder));
    writeFileSync(weights(folder), safetensorsBytes(change(header), data));
  });
}

function editHeader(folder: string, change: (header: Header) => Header): void {
  const { header, data } = readParts(weights(folder));
  const edited = JSON.stringify(change(JSON.parse(header) as Header));
  writeFileSync(weights(folder), safetensorsBytes(edited, data));
}
