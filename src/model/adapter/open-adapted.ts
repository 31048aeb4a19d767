import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { readText } from '../../data/json-file.ts';
import { type Checkpoint, openCheckpoint } from '../checkpoint/checkpoint.ts';
import type { ExitOptions } from '../checkpoint/exits-file.ts';
import { refuseDanglingLinks, snapshotIn } from '../checkpoint/hub-cache.ts';
import { requireFolder } from '../checkpoint/other-formats.ts';
import { readWeightsFile } from '../checkpoint/weights/weights-file.ts';
import { ADAPTER_CONFIG, type AdapterConfig, readAdapterSettings } from './adapter-config.ts';
import { adapterParts } from './adapter-parts.ts';
import { checkParts } from './check-parts.ts';
import { planMerge } from './plan-merge.ts';

/** In the order in which peft looks for them. */
const WEIGHTS = ['adapter_model.safetensors', 'adapter_model.bin'] as const;

/** What the caller of an import says about its source. */
export interface ImportChoice extends ExitOptions {
  /** The checkpoint that a LoRA adapter was trained on; the source is then the adapter's folder. */
  readonly base?: string | undefined;
}

/**
 * Opens what is to be imported: a checkpoint or, with a base, a LoRA adapter as peft saves it. Weights are not read.
 * @throws InputError naming the file, tensor or key that does not fit
 */
export function openForImport(source: string, { base, ...options }: ImportChoice = {}): Checkpoint {
  return base === undefined ? openCheckpoint(source, options) : openAdapted(source, base, options);
}

function openAdapted(source: string, base: string, options: ExitOptions): Checkpoint {
  requireFolder(source);
  const folder = snapshotIn(source);
  refuseDanglingLinks(folder);
  const settings = readAdapterSettings(folder);
  const file = readWeightsFile(weightsOf(folder));
  const parts = adapterParts(file);
  const notes = checkParts(parts, settings);
  const checkpoint = openCheckpoint(base, options);
  const merged = planMerge(checkpoint, parts, settings);
  return {
    ...checkpoint,
    ...merged,
    adapter: { folder, file, config: readText(settings.path, '') },
    notes: [
      ...checkpoint.notes,
      ...noteOnBase(settings.config, base),
      ...notes,
      ...merged.notes,
      ...noteOnFiles(folder, checkpoint.folder),
    ],
  };
}

function weightsOf(folder: string): string {
  return join(folder, WEIGHTS.find((name) => existsSync(join(folder, name))) ?? WEIGHTS[0]);
}

/** Trainers save the tokenizer beside an adapter; some change it. */
const OF_THE_BASE = [
  ...[
    'tokenizer.json',
    'tokenizer.model',
    'tokenizer_config.json',
    'special_tokens_map.json',
    'added_tokens.json',
  ],
  ...['chat_template.jinja', 'generation_config.json', 'exits.json'],
];

/** Files beside the adapter that are others than the base's. */
function noteOnFiles(adapter: string, base: string): string[] {
  const differs = (name: string) => {
    const [own, its] = [join(adapter, name), join(base, name)];
    return isFile(own) && !(isFile(its) && readFileSync(own).equals(readFileSync(its)));
  };
  const others = OF_THE_BASE.filter(differs);
  if (others.length === 0) return [];
  return [
    `the base’s files hold; others of these names beside the adapter are not read: ${others.join(', ')}`,
  ];
}

/** Not a pipe, which might never end. */
const isFile = (path: string) => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/** The same model has many names: of the hub, of its cache, of a folder. */
function noteOnBase({ base_model_name_or_path: trainedOn }: AdapterConfig, base: string): string[] {
  const last = basename(trainedOn ?? '');
  if (last === '' || resolve(base).includes(last)) return [];
  return [
    `${ADAPTER_CONFIG} names ${trainedOn} as the adapter’s base; it was merged into ${basename(resolve(base))}`,
  ];
}
