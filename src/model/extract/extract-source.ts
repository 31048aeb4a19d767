import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { ModelKind } from '../../core/domain.ts';
import { readText } from '../../data/json-file.ts';
import type { Architecture } from '../checkpoint/architecture.ts';
import { openCheckpoint } from '../checkpoint/checkpoint.ts';
import type { CheckpointTensor } from '../checkpoint/checkpoint-tensors.ts';
import { architectureOf, checkConfig } from '../checkpoint/config/read-config.ts';
import { readModelJson } from '../checkpoint/model-json.ts';
import { isThere } from '../checkpoint/regular-file.ts';
import type { ExitHeads } from '../checkpoint/tensor-names.ts';
import { readWeightsFile } from '../checkpoint/weights/weights-file.ts';
import { exitHeadsOf, folderTensors } from '../folder/folder-tensors.ts';
import { isModelFolder, type Manifest, SOURCE_CONFIG } from '../folder/manifest.ts';
import { readManifest, weightFilesOf } from '../folder/read-manifest.ts';
import { otherConfig, quantisedFolder, withoutConfig } from './extract-errors.ts';

/** What an extraction reads: a checkpoint, or the model folder of one. */
export interface ExtractSource {
  readonly folder: string;
  readonly kind: ModelKind;
  readonly architecture: Architecture;
  readonly exits: readonly number[];
  readonly exitHeads: ExitHeads;
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  /** Text of config.json. */
  readonly config: string;
  /** `tie_word_embeddings` of config.json; weights with a head of their own overrule it. */
  readonly isTiedInConfig: boolean;
  /** Folders that hold tokenizer files; of two files of one name that of the first folder counts. */
  readonly textFolders: readonly string[];
}

const FIX = 'Give the folder of a Hugging Face checkpoint.';

/**
 * Opens a checkpoint or a model folder of fp32; weights are not read.
 * @throws InputError as `openCheckpoint` and `readManifest`; `unsupported-model` for a quantised folder
 */
export function openSource(folder: string): ExtractSource {
  if (isModelFolder(folder)) return fromModelFolder(folder);
  const checkpoint = openCheckpoint(folder);
  const { text, isTied } = readConfig(join(checkpoint.folder, 'config.json'));
  return { ...checkpoint, config: text, isTiedInConfig: isTied, textFolders: [checkpoint.folder] };
}

function fromModelFolder(folder: string): ExtractSource {
  const manifest = readManifest(folder);
  const { kind, architecture, exits, precision } = manifest;
  if (precision !== 'fp32') throw quantisedFolder(folder, manifest);
  const path = configOf(folder, manifest);
  const { text, isTied, network } = readConfig(path);
  // Weights with a head of their own overrule the flag.
  const { tiedHead } = architecture;
  // The checkpoint's folder may hold another checkpoint by now.
  if (!isDeepStrictEqual({ ...network, tiedHead }, { ...architecture })) throw otherConfig(path);
  const files = weightFilesOf(manifest).map((name) => readWeightsFile(join(folder, name)));
  const tensors = folderTensors(folder, manifest, files);
  const own = { kind, architecture, exits, exitHeads: exitHeadsOf(manifest), tensors };
  const textFolders = [folder, ...sourceOf(manifest, text)];
  return { folder, ...own, config: text, isTiedInConfig: isTied, textFolders };
}

/** Folders that older versions imported have no copy of the checkpoint's config.json. */
function configOf(folder: string, manifest: Manifest): string {
  const places = [
    join(folder, SOURCE_CONFIG),
    ...[folder, manifest.source.folder].map((place) => join(place, 'config.json')),
  ];
  const path = places.find(isThere);
  if (path === undefined) throw withoutConfig(folder, manifest);
  return path;
}

/** The checkpoint's folder, which has files of the tokenizer that no import copies, unless it holds another one by now. */
function sourceOf({ source }: Manifest, config: string): string[] {
  const path = join(source.folder, 'config.json');
  return isThere(path) && readText(path, FIX) === config ? [source.folder] : [];
}

function readConfig(path: string) {
  const network = architectureOf(checkConfig(readModelJson(path, z.unknown(), { fix: FIX }), path), path);
  return { text: readText(path, FIX), isTied: network.tiedHead, network };
}
