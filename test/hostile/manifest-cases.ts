/** Model folders whose model.json says what is not so. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MANIFEST_FILE, type Manifest } from '../../src/model/folder/manifest.ts';
import type { HostileCase } from './hostile-case.ts';

const STRANGE_NAMES = [
  '../model.safetensors',
  '/etc/passwd',
  'a/b',
  '..',
  '.',
  '',
  'a\\b',
  'a\0b',
  'nothing',
  'model.json',
  7,
];

/** File names in model.json that lead elsewhere, to nothing, or to a file that is no part of it. */
export function wrongNames(): HostileCase[] {
  const places: Record<string, (manifest: Manifest, name: string) => void> = {
    'files key': ({ files }, name) => {
      files[name] = files['head.onnx']!;
      delete files['head.onnx'];
    },
    'segment file': ({ segments }, name) => {
      segments[1]!.file = name;
    },
    'segment weights': ({ segments }, name) => {
      segments[1]!.weights[0] = name;
    },
    'head file': ({ heads }, name) => {
      heads[0]!.file = name;
    },
    'norm file': ({ heads }, name) => {
      heads[0]!.norm.file = name;
    },
    'head weight file': ({ heads }, name) => {
      heads[0]!.head.file = name;
    },
    'beam layers': ({ beams }, name) => {
      beams!.layers = name;
    },
    'beam head': ({ beams }, name) => {
      beams!.head = name;
    },
  };
  return Object.entries(places).flatMap(([place, set]) =>
    STRANGE_NAMES.map((name) =>
      manifestCase(`${place} ${JSON.stringify(name)}`, (manifest) => set(manifest, name as string)),
    ),
  );
}

/** Numbers of model.json that do not fit the files. */
export function wrongNumbers(): HostileCase[] {
  const keys = [
    'layers',
    'hiddenSize',
    'heads',
    'kvHeads',
    'headDim',
    'intermediateSize',
    'vocabSize',
  ] as const;
  const changes: Record<string, (value: number) => unknown> = {
    0: () => 0,
    negative: (value) => -value,
    'half as large': (value) => value / 2,
    'one more': (value) => value + 1,
    'two more': (value) => value + 2,
    '1e15': () => 1e15,
    'a text': String,
    null: () => null,
  };
  return keys.flatMap((key) =>
    Object.entries(changes).map(([name, change]) =>
      manifestCase(`architecture.${key} ${name}`, ({ architecture }) => {
        architecture[key] = change(architecture[key]) as number;
      }),
    ),
  );
}

/** Parts of model.json that contradict each other or the files. */
export function contradictions(): HostileCase[] {
  const changes: Record<string, (manifest: Manifest) => void> = {
    'a graph without its sha256': ({ files }) => {
      files['head.onnx']!.sha256 = null;
    },
    'the sha256 of another graph': ({ files }) => {
      files['head.onnx']!.sha256 = files['beam-head.onnx']!.sha256;
    },
    'a sha256 that is none': ({ files }) => {
      files['segment-00.onnx']!.sha256 = 'x';
    },
    'a context of 1e15 tokens': ({ architecture }) => {
      architecture.contextLength = 1e15;
    },
    'a context of no tokens': ({ architecture }) => {
      architecture.contextLength = 0;
    },
    'a negative size': ({ files }) => {
      files['head.onnx']!.bytes = -1;
    },
    'a graph that files does not list': ({ files }) => {
      delete files['head.onnx'];
    },
    'weights that files does not list': ({ files }) => {
      delete files['model.safetensors'];
    },
    'no files': (manifest) => {
      manifest.files = {};
    },
    'no exits': (manifest) => {
      manifest.exits = [];
    },
    'other exits than segments': (manifest) => {
      manifest.exits = [2];
    },
    'exits beyond the layers': (manifest) => {
      manifest.exits = [1, 3];
    },
    'a segment less': ({ segments }) => {
      segments.pop();
    },
    'a segment twice': ({ segments }) => {
      segments.push(segments[0]!);
    },
    'segments the wrong way round': ({ segments }) => {
      segments.reverse();
    },
    'no head': (manifest) => {
      manifest.heads = [];
    },
    'a head for other exits': ({ heads }) => {
      heads[0]!.exits = [1];
    },
    'a head beyond the file': ({ heads }) => {
      heads[0]!.head.offset = 1e15;
    },
    'a head of other bytes': ({ heads }) => {
      heads[0]!.head.offset -= 4;
    },
    'a head of 1e15 bytes': ({ heads }) => {
      heads[0]!.head.bytes = 1e15;
    },
    'a norm of another shape': ({ heads }) => {
      heads[0]!.norm.shape = [1];
    },
    'a norm of another dtype': ({ heads }) => {
      heads[0]!.norm.dtype = 'BF16';
    },
    'a head that is no tensor': ({ heads }) => {
      heads[0]!.head.tensor = '__proto__';
    },
    'early-exit without heads': (manifest) => {
      manifest.kind = 'early-exit';
    },
    'the graphs of another version': (manifest) => {
      manifest.graphVersion -= 1;
    },
    'a segment without weights': ({ segments }) => {
      segments[0]!.weights = [];
    },
    'a norm’s epsilon of 0': ({ architecture }) => {
      architecture.rmsNormEps = 0;
    },
    'an unknown key': (manifest) => {
      (manifest as unknown as Record<string, unknown>)['sorted'] = true;
    },
  };
  return Object.entries(changes).map(([name, change]) => manifestCase(name, change));
}

/** Numbers of model.json that fit the weights and contradict the graphs, which only ONNX Runtime can tell. */
export function graphContradictions(): HostileCase[] {
  const changes: Record<string, (architecture: Manifest['architecture']) => void> = {
    'a longer context': (architecture) => {
      architecture.contextLength += 1;
    },
    'a shorter context': (architecture) => {
      architecture.contextLength /= 2;
    },
    'heads of another width': (architecture) => {
      architecture.heads *= 2;
      architecture.headDim /= 2;
      architecture.kvHeads *= 2;
    },
  };
  return Object.entries(changes).map(([name, change]) =>
    manifestCase(name, ({ architecture }) => change(architecture)),
  );
}

/** One change of model.json. */
export function manifestCase(name: string, change: (manifest: Manifest) => void): HostileCase {
  return {
    name: `model.json: ${name}`,
    change: (folder) => {
      const path = join(folder, MANIFEST_FILE);
      const manifest = JSON.parse(readFileSync(path, 'utf8')) as Manifest;
      change(manifest);
      writeFileSync(path, JSON.stringify(manifest));
    },
  };
}
