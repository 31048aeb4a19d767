import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { orderedKey } from '../../core/content-key.ts';
import type { JsonValue } from '../../core/json.ts';
import { sha256 } from '../../core/sha256.ts';
import { CHAT_TEMPLATE } from '../chat/chat-template.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { Precision } from '../quantise/precision.ts';
import { TOKENIZER_MODEL, tokenizerFiles } from '../tokenizer/tokenizer-files.ts';
import { GRAPH_VERSION, type Manifest } from './manifest.ts';
import { weightsSample } from './weights/weights-sample.ts';

/** The small files that an import copies unchanged. */
export function copiedFiles(checkpoint: string): string[] {
  const names = [...tokenizerFiles(checkpoint), GENERATION_CONFIG, CHAT_TEMPLATE];
  return names.filter((name) => existsSync(join(checkpoint, name)));
}

const GENERATION_CONFIG = 'generation_config.json';

/** Changes with any file that the import depends on; weights count by name, size and time of change. */
export function fingerprint(checkpoint: Checkpoint, precision: Precision): string {
  const texts = ['config.json', ...tokenizerFiles(checkpoint.folder), GENERATION_CONFIG].map((name) =>
    textOf(checkpoint.folder, name),
  );
  const weights = checkpoint.files.map(({ path, fileBytes }) => [
    basename(path),
    fileBytes,
    statSync(path).mtimeMs,
  ]);
  const parts = [GRAPH_VERSION, checkpoint.kind, checkpoint.exits, texts, weights];
  const chat = textOf(checkpoint.folder, CHAT_TEMPLATE);
  const ownTemplate = chat === null ? [] : [[CHAT_TEMPLATE, chat]];
  // Earlier versions tied such a head: their folders are imported again.
  const ownHead = checkpoint.hasOwnHead ? ['own head'] : [];
  const rest = [...ownHead, ...ownTemplate, ...foreignHeadsIn(checkpoint), ...adapterIn(checkpoint)];
  return orderedKey([...parts, ...(precision === 'fp32' ? [] : [precision]), ...rest]);
}

/** Whether a folder was made of this very checkpoint. */
export function isImportOf({ source }: Manifest, checkpoint: Checkpoint, precision: Precision): boolean {
  if (source.fingerprint !== fingerprint(checkpoint, precision)) return false;
  return source.sample === undefined || source.sample === weightsSample(checkpoint);
}

/** Where heads.yaml finds each head and norm; the same file of another time may hold another. */
function foreignHeadsIn({ foreignHeads }: Checkpoint): JsonValue[] {
  if (!foreignHeads) return [];
  const { tensors, files } = foreignHeads;
  const places = [...tensors].map(([name, { file, tensor }]) => [name, tensor, basename(file)]);
  const weights = files.map(({ path, fileBytes }) => [path, fileBytes, statSync(path).mtimeMs]);
  return [['heads', places, weights]];
}

function adapterIn({ adapter }: Checkpoint): JsonValue[] {
  if (!adapter) return [];
  const { path, fileBytes } = adapter.file;
  return [['adapter', adapter.config, basename(path), fileBytes, statSync(path).mtimeMs]];
}

function textOf(folder: string, name: string): string | readonly string[] | null {
  const path = join(folder, name);
  if (!existsSync(path)) return null;
  // Bytes that are no text would be one and the same.
  if (name === TOKENIZER_MODEL) return [name, sha256(readFileSync(path))];
  return readFileSync(path, 'utf8');
}
