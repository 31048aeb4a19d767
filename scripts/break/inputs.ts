/** Every kind of input, each with a command that reads it and computes nothing, so that a thousand of them take a minute. */
import { cpSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeSweep } from '../../test/evaluate/trio.ts';
import { intactHeads } from '../../test/hostile/heads-cases.ts';
import { ADAPTERS, writeAdapterBase } from '../../test/support/adapters.ts';
import { writeRandomCheckpoint } from '../../test/support/random-checkpoint.ts';
import { importRandomModel } from '../../test/support/random-model.ts';
import { writeSentencePiece } from '../../test/support/sentencepiece-model.ts';

export interface Input {
  readonly kind: string;
  /** The file that is damaged. */
  readonly path: string;
  /** The command line that reads it. */
  readonly args: readonly string[];
  /** What the command writes, removed before it. */
  readonly writes: string;
  /** A results file: what is printed from it must be what was stored, unless the damage is one that SQLite cannot see. */
  readonly isStored?: boolean;
}

/** Makes undamaged inputs in `folder`. @param results a results file, which is copied */
export function makeInputs(folder: string, results: string): Input[] {
  mkdirSync(folder, { recursive: true });
  return [
    ...checkpointInputs(folder),
    ...sweepInputs(folder),
    ...labelInputs(folder),
    ...readInputs(folder, results),
  ];
}

function checkpointInputs(folder: string): Input[] {
  const checkpoint = join(folder, 'checkpoint');
  writeRandomCheckpoint(checkpoint, { layers: 2, contextLength: 64, exits: [1, 2], kind: 'soft' });
  const older = join(folder, 'older');
  writeRandomCheckpoint(older, { layers: 2, contextLength: 64, format: 'torch' });
  writeSentencePiece(older);
  const { modelFolder } = importRandomModel(folder, 'model', { layers: 2, contextLength: 64, exits: [1, 2] });
  const imported = join(folder, 'imported');
  return [
    ...importInputs(checkpoint, /\.(json|safetensors)$/, ['import', checkpoint, imported], imported),
    ...importInputs(older, /\.(bin|model)$/, ['import', older, imported, '--exits', '1,2'], imported),
    ...addedInputs(folder, imported),
    {
      kind: 'model.json',
      path: join(modelFolder, 'model.json'),
      args: ['info', modelFolder],
      writes: imported,
    },
  ];
}

/** Each file of a checkpoint whose name matches, read by an import. */
function importInputs(checkpoint: string, names: RegExp, args: readonly string[], writes: string): Input[] {
  const found = readdirSync(checkpoint).filter((name) => names.test(name));
  return found.map((name) => ({ kind: name, path: join(checkpoint, name), args, writes }));
}

/** What joins a checkpoint from elsewhere: an adapter, and exit heads. */
function addedInputs(folder: string, imported: string): Input[] {
  const adapter = join(folder, 'adapter');
  cpSync(join(ADAPTERS, 'linear'), adapter, { recursive: true });
  const adapterBase = writeAdapterBase(folder, 'linear');
  const { folder: headsBase } = writeRandomCheckpoint(join(folder, 'with-heads'), { layers: 2 });
  intactHeads(headsBase);
  const heads = join(headsBase, 'heads.yaml');
  return [
    ...importInputs(adapter, /adapter_/, ['import', adapter, imported, '--base', adapterBase], imported),
    ...importInputs(headsBase, /^heads/, ['import', headsBase, imported, '--heads', heads], imported),
  ];
}

/** A sweep whose responses and verdicts are recorded needs no model. */
function sweepInputs(folder: string): Input[] {
  const records = Array.from({ length: 4 }, (_, index) => ({
    instruction: `Add ${index} and 1.`,
    input: '',
    output: `${index + 1}`,
  }));
  const answers = records.flatMap((record) => [2, 4].map((exit) => ({ ...record, exit })));
  writeFileSync(join(folder, 'instructions.json'), JSON.stringify(records));
  writeFileSync(join(folder, 'answers.json'), JSON.stringify(answers));
  const sweep = writeSweep(folder, {
    models: { recorded: { answers: 'answers.json' } },
    comparisons: [],
    judge: undefined,
    kl: undefined,
    speed: undefined,
  });
  const args = ['generate', sweep];
  const writes = join(folder, 'out');
  return [
    { kind: 'sweep file', path: sweep, args, writes },
    { kind: 'instructions', path: join(folder, 'instructions.json'), args, writes },
    { kind: 'recorded responses', path: join(folder, 'answers.json'), args, writes },
  ];
}

function labelInputs(folder: string): Input[] {
  const labels = Array.from({ length: 6 }, (_, idx) => ({
    ...{ idx, instruction: `Say ${idx}.`, input: '', response1: `${idx}`, response2: 'no' },
    ...{ annotator1: 1, annotator2: (idx % 3) as number, annotator3: 1 },
  }));
  const verdicts = labels.map(({ idx }) => ({ idx, pandalm_result: idx % 2 === 0 ? '1' : '2' }));
  const [labelPath, verdictPath] = [join(folder, 'labels.json'), join(folder, 'verdicts.json')];
  writeFileSync(labelPath, JSON.stringify(labels));
  writeFileSync(verdictPath, JSON.stringify(verdicts));
  const args = ['agreement', labelPath, '--verdicts', verdictPath];
  const writes = join(folder, 'nothing');
  return [
    { kind: 'human labels', path: labelPath, args, writes },
    { kind: 'recorded verdicts', path: verdictPath, args, writes },
  ];
}

function readInputs(folder: string, results: string): Input[] {
  const db = join(folder, 'results.db');
  cpSync(results, db);
  const published = join(folder, 'published.csv');
  cpSync(join('eval-data', 'published', 'sorted-llama-table4.csv'), published);
  const out = join(folder, 'compared');
  return [
    ...['responses', 'scores', 'kl_curves'].map((view) => ({
      kind: 'results file',
      path: db,
      args: ['query', view, '--db', db],
      writes: `${db}-shm`,
      isStored: true,
    })),
    {
      kind: 'published scores',
      path: published,
      args: ['compare', published, '--db', results, '--out', out],
      writes: out,
    },
  ];
}
