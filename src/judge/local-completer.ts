import { basename } from 'node:path';
import type { BeamRule } from '../core/decoding/answer-decoding.ts';
import { type CompletionSettings, openCompleter } from '../engine/complete.ts';
import { hashFiles } from '../model/folder/hash-files.ts';
import type { Manifest } from '../model/folder/manifest.ts';
import { readManifest } from '../model/folder/read-manifest.ts';
import { modelSize } from '../model/folder/sizes/model-size.ts';
import { subModelKey } from '../model/folder/sub-model-key.ts';
import type { Completer } from './completer.ts';
import type { JudgeModel } from './judge-model.ts';
import type { CompleterDecoding, CompleterSettings, LocalDecoding } from './protocols/completer-settings.ts';

export interface LocalCompleterOptions {
  readonly label: string;
  /** Of the model; default: the folder's. */
  readonly name?: string | undefined;
  readonly decoding: LocalDecoding;
  /** How `beams` ranks finished texts: as PandaLM's pinned transformers (default), or as later ones. */
  readonly beamRule?: BeamRule;
  readonly maxNewTokens: number;
  readonly batchSize: number;
  /** For keys and values of what prompts have in common, in MB; changes no text. */
  readonly memoryMB?: number | undefined;
  /** Default: one per core. */
  readonly threads?: number | undefined;
}

/** The beams that a sweep file can choose. */
export const BEAMS = { numBeams: 4, repetitionPenalty: 1.2 } as const;
export const DEFAULT_BEAM_RULE: BeamRule = 'transformers-4.28';

/**
 * The full depth of a model folder as a completer in this thread.
 * @throws InputError when the folder does not fit
 */
export async function openLocalCompleter(folder: string, options: LocalCompleterOptions): Promise<Completer> {
  const engine = await openCompleter(folder, completionSettings(options));
  return {
    ...(await describeLocalCompleter(folder, options)),
    complete: (prompts, signal) => engine.complete(prompts, signal),
    close: () => engine.close(),
  };
}

/** All of such a completer that does not need its weights in memory. */
export async function describeLocalCompleter(
  folder: string,
  options: LocalCompleterOptions,
): Promise<Pick<Completer, 'label' | 'model' | 'key' | 'decoding' | 'settings'>> {
  const manifest = await hashFiles(folder, readManifest(folder));
  return {
    label: options.label,
    model: modelOf(options.name ?? basename(folder), manifest),
    key: subModelKey(manifest, manifest.architecture.layers),
    decoding: decodingOf(options, manifest),
    settings: settingsOf(options),
  };
}

/** The options in the engine's terms. */
export function completionSettings(options: LocalCompleterOptions): CompletionSettings {
  const {
    decoding,
    beamRule: rule = DEFAULT_BEAM_RULE,
    maxNewTokens,
    batchSize,
    memoryMB,
    threads,
  } = options;
  const shared = { maxNewTokens, batchSize, memoryMB, threads };
  if (decoding === 'beams') return { ...shared, decoding: { strategy: 'beams', ...BEAMS, rule } };
  return { ...shared, decoding: { strategy: 'greedy', stopAfterFirstLine: decoding === 'verdict-only' } };
}

/** What changes the texts. The names are part of the keys of stored judgements. */
function decodingOf(
  options: LocalCompleterOptions,
  { eosTokenIds, bosTokenId }: Manifest,
): CompleterDecoding {
  const { decoding: strategy, maxNewTokens, beamRule = DEFAULT_BEAM_RULE } = options;
  const shared = { strategy, maxNewTokens, eosTokenIds, ...(bosTokenId !== undefined && { bosTokenId }) };
  return strategy === 'beams' ? { ...shared, ...BEAMS, beamRule } : shared;
}

/** For a protocol that compares them with its authors'. */
export function settingsOf({
  decoding,
  maxNewTokens,
  beamRule: rule = DEFAULT_BEAM_RULE,
}: Pick<LocalCompleterOptions, 'decoding' | 'maxNewTokens' | 'beamRule'>): CompleterSettings {
  return { source: 'folder', decoding, maxNewTokens, beams: { ...BEAMS, rule } };
}

function modelOf(name: string, manifest: Manifest): JudgeModel {
  const { bodyParameters, embeddingParameters, headParameters } = modelSize(manifest);
  const { architecture, precision } = manifest;
  return {
    name,
    parameters: bodyParameters + embeddingParameters + headParameters,
    source: `checkpoint of ${architecture.layers} layers at ${precision}`,
  };
}
