/** Models that give distributions over tokens: those in this process, and those of a server that follows docs/server-api.md. */

import type { ModelKind } from '../../core/domain.ts';
import { tokenizerSha256 } from '../../model/tokenizer/tokenizer-sha256.ts';
import { type FolderModel, isFolderModel } from '../folder-source.ts';
import type { SweepModel } from '../model-source.ts';
import { isServedModel, type ServedModel } from './served-model.ts';

export type MeasuredModel = FolderModel | ServedModel;

export function isMeasuredModel(model: SweepModel): model is MeasuredModel {
  return isFolderModel(model) || isServedModel(model);
}

/** What of its network measuring needs. */
export interface MeasuredShape {
  /** Of the whole network. */
  readonly layers: number;
  readonly kind: ModelKind;
  /** Tokens of prompt and response together. */
  readonly contextLength: number;
  readonly vocabSize: number;
  /** Of the files that give tokens their ids. */
  readonly tokenizerSha256: string;
}

export function shapeOf(model: MeasuredModel): MeasuredShape {
  if (isServedModel(model)) {
    const { layers, kind, max_model_len, vocab_size, tokenizer_sha256 } = model.served.listed;
    const sizes = { contextLength: max_model_len, vocabSize: vocab_size };
    return { layers, kind, ...sizes, tokenizerSha256: tokenizer_sha256 };
  }
  const { architecture, kind } = model.manifest;
  const { layers, contextLength, vocabSize } = architecture;
  return { layers, kind, contextLength, vocabSize, tokenizerSha256: tokenizerSha256(model.manifest) };
}
