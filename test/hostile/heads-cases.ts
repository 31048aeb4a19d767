/** Files that heads.yaml names, and heads.yaml itself, that nobody should import. */
import { mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { call, named as name, pickle, text } from '../support/pickle-file.ts';
import { writeSafetensors } from '../support/safetensors-file.ts';
import { archiveParts } from '../support/torch-file.ts';
import { zipBytes } from '../support/zip-file.ts';
import { casesOf, type HostileCase } from './hostile-case.ts';

/** What the intact heads.yaml names, for exit 1: tensor `h` of this file. */
export const FILE = 'heads.safetensors';
const SHAPE = { hiddenSize: 32, vocabSize: 262 } as const;
const HEAD = [SHAPE.vocabSize, SHAPE.hiddenSize];

const SIZE = SHAPE.vocabSize * SHAPE.hiddenSize;
const write = (folder: string, shapes: Readonly<Record<string, readonly number[]>>) =>
  writeSafetensors(
    join(folder, FILE),
    Object.entries(shapes).map(([tensor, shape]) => {
      return { name: tensor, shape, values: new Float32Array(shape.reduce((all, size) => all * size, 1)) };
    }),
    'F32',
  );

/** Writes heads.yaml and its file beside the checkpoint. */
export function intactHeads(folder: string): void {
  write(folder, { h: HEAD });
  writeFileSync(join(folder, 'heads.yaml'), `1: {file: ${FILE}, tensor: h}`);
}

/** What heads.yaml may hold instead of exits. */
export function wrongYaml(): HostileCase[] {
  const entry = `{file: ${FILE}, tensor: h}`;
  const texts: Record<string, string> = {
    nothing: '',
    'a text': 'lm_head.weight',
    'a number': '12',
    'a list': `- ${entry}`,
    'a list of pairs': '- 1: a\n- 2: b',
    'no exit': '{}',
    'a sweep file': 'name: nano\ninstructions: a.json\noutput: out\nmodels: {a: {path: a}}\n',
    'an exits.json': '{"kind": "early-exit", "exits": [1, 2]}',
    'broken YAML': '1: {file: heads.safetensors',
    'tabs and braces': '1:\t{{{',
    'bytes that are no text': '\xff\xfe\x00',
    'a key that is a list': `? [1, 2]\n: ${entry}`,
    'exit 0': `0: ${entry}`,
    'exit -1': `-1: ${entry}`,
    'exit 1.5': `1.5: ${entry}`,
    'exit 1e3': `1e9: ${entry}`,
    'an exit beyond the layers': `1: ${entry}\n3: ${entry}`,
    'an exit far beyond the layers': `999999: ${entry}`,
    'an exit of a name': `last: ${entry}`,
    'an exit twice': `1: ${entry}\n1: ${entry}`,
    'an exit twice, once as text': `1: ${entry}\n"1": ${entry}`,
    'an exit named __proto__': `__proto__: ${entry}\n1: ${entry}`,
    'a head without a file': '1: {tensor: h}',
    'a head without a tensor': '1: {file: heads.safetensors}',
    'an empty entry': '1: {}',
    'an entry of nothing': '1:',
    'an entry of a text': '1: heads.safetensors',
    'an unknown key': '1: {file: heads.safetensors, tensor: h, bias: b}',
    'a misspelled norm': '1: {file: heads.safetensors, tensor: h, nrom: {tensor: n}}',
    'a norm of a text': '1: {file: heads.safetensors, tensor: h, norm: n}',
    'a norm without a tensor': '1: {file: heads.safetensors, tensor: h, norm: {file: heads.safetensors}}',
    'a norm alone without a file': '1: {norm: {tensor: n}}',
    'an empty file name': '1: {file: "", tensor: h}',
    'a file name with NUL': '1: {file: "heads\\0.safetensors", tensor: h}',
    'a file of a number': '1: {file: 12, tensor: h}',
    'aliases that double thirty times': `${Array.from({ length: 30 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`).join('\n')}\n1: ${entry}`,
    '5,000 brackets': `1: ${'['.repeat(5000)}`,
    '100,000 exits': Array.from({ length: 100_000 }, (_, exit) => `${exit + 1}: ${entry}`).join('\n'),
    'a tag that would build an object': `1: !!js/function 'function () {}'`,
    'a Python tag': '1: !!python/object/apply:os.system ["touch gadget-was-run"]',
  };
  return casesOf('heads.yaml', texts, (folder, value) =>
    writeFileSync(join(folder, 'heads.yaml'), Buffer.from(value, 'latin1')),
  );
}

/** Files that heads.yaml names and that do not hold what it says. */
export function wrongHeads(): HostileCase[] {
  const instead = (put: (path: string) => void) => (folder: string) => {
    rmSync(join(folder, FILE));
    put(join(folder, FILE));
  };
  const changes: Record<string, (folder: string) => void> = {
    'that is not there': instead(() => {}),
    'that is a folder': instead((path) => mkdirSync(path)),
    'that is a device without end': instead((path) => symlinkSync('/dev/zero', path)),
    'that is a link to nowhere': instead((path) => symlinkSync('nowhere', path)),
    'that is a link to itself': instead((path) => symlinkSync(FILE, path)),
    'that is cut': (folder) => truncateSync(join(folder, FILE), 1000),
    'that is empty': (folder) => truncateSync(join(folder, FILE), 0),
    'that is text': (folder) => writeFileSync(join(folder, FILE), 'not weights'),
    'without that tensor': (folder) => write(folder, { other: HEAD }),
    'of another vocabulary': (folder) => write(folder, { h: [SHAPE.vocabSize + 1, SHAPE.hiddenSize] }),
    'of another width': (folder) => write(folder, { h: [SHAPE.vocabSize, SHAPE.hiddenSize + 1] }),
    'that is transposed': (folder) => write(folder, { h: [...HEAD].reverse() }),
    'that is flat': (folder) => write(folder, { h: [SIZE] }),
  };
  return casesOf('a head', changes, (folder, change) => change(folder));
}

/** Entries of heads.yaml that find something else than a head. */
export function wrongEntries(): HostileCase[] {
  const entries: Record<string, string> = {
    'a head of the embedding’s norm': `{file: model.safetensors, tensor: model.norm.weight}`,
    'a norm of a matrix': `{file: ${FILE}, tensor: h, norm: {tensor: h}}`,
    'a norm that is not there': `{file: ${FILE}, tensor: h, norm: {tensor: n}}`,
    'a norm in a file that is not there': `{file: ${FILE}, tensor: h, norm: {file: n.bin, tensor: n}}`,
    'a norm alone that is not there': `{norm: {file: ${FILE}, tensor: n}}`,
    'a head with a bias': `{file: biased.safetensors, tensor: weight}`,
    'a head from a pickle that calls': `{file: calls.pt, tensor: weight}`,
    'a head from half a pickle': `{file: half.pt, tensor: weight}`,
    'a head from heads.yaml': `{file: heads.yaml, tensor: weight}`,
    'a head from a folder above': `{file: ../../../../etc/passwd, tensor: weight}`,
  };
  const calls = pickle(call(name('os', 'system'), text('touch gadget-was-run')));
  return casesOf('heads.yaml', entries, (folder, entry) => {
    write(folder, { weight: HEAD, bias: [SHAPE.vocabSize] });
    renameSync(join(folder, FILE), join(folder, 'biased.safetensors'));
    write(folder, { h: HEAD });
    writeFileSync(join(folder, 'calls.pt'), zipBytes(archiveParts(calls)));
    writeFileSync(join(folder, 'half.pt'), zipBytes(archiveParts(calls.subarray(0, 9))));
    writeFileSync(join(folder, 'heads.yaml'), `1: ${entry}`);
  });
}
