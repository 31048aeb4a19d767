import { join } from 'node:path';
import { z } from 'zod';
import type { ModelKind } from '../../core/domain.ts';
import { familyOf } from '../networks/family-of.ts';
import type { Architecture } from './architecture.ts';
import { type CheckpointTensor, requireTensors } from './checkpoint-tensors.ts';
import { eosIdList, generationConfigSchema } from './config/huggingface-config.ts';
import { architectureOf, checkConfig } from './config/read-config.ts';
import { notesOn } from './config/refuse-config.ts';
import { decideExits, type ExitOptions } from './exits-file.ts';
import type { ForeignHeads } from './heads/foreign-heads.ts';
import { refuseDanglingLinks, snapshotIn } from './hub-cache.ts';
import { readModelJson } from './model-json.ts';
import { refuseAdapter, refuseOriginalFormat, requireFolder } from './other-formats.ts';
import { isThere } from './regular-file.ts';
import type { TensorChange } from './tensor-change.ts';
import { type ExitHeads, expectedTensors, NO_EXIT_HEADS, trainedExitHeads } from './tensor-names.ts';
import { hasOwnHead, noteOnHead } from './weights/own-head.ts';
import { refusePacked } from './weights/packed-weights.ts';
import { readWeights } from './weights/read-weights.ts';
import type { WeightsFile } from './weights/tensor-place.ts';

/**
 * A Hugging Face LLaMA checkpoint whose names, shapes and dtypes fit its config.json. Weights are not read.
 */
export interface Checkpoint {
  readonly folder: string;
  readonly kind: ModelKind;
  readonly architecture: Architecture;
  readonly exits: readonly number[];
  readonly exitHeads: ExitHeads;
  /** Heads that heads.yaml names; otherwise those of an early-exit checkpoint are its own. */
  readonly foreignHeads: ForeignHeads | undefined;
  readonly eosTokenIds: readonly number[];
  /** What was decided about unusual keys of config.json and about the weights. */
  readonly notes: readonly string[];
  readonly files: readonly WeightsFile[];
  /** config.json ties the head to the embedding, and the weights hold another. */
  readonly hasOwnHead: boolean;
  /** Where each tensor of the network is read. */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  /** What an adapter makes of some of them. */
  readonly changes: ReadonlyMap<string, TensorChange>;
  readonly adapter?: Adapter;
}

/** A LoRA adapter that is merged into a checkpoint. */
export interface Adapter {
  readonly folder: string;
  /** Text of adapter_config.json. */
  readonly config: string;
  readonly file: WeightsFile;
}

/**
 * Opens a checkpoint folder: config.json, one or many files of weights, exits.json and the early-exit heads.
 * @param source the folder, or that of its repository in Hugging Face's cache
 * @throws InputError naming the file, tensor or key that does not fit
 */
export function openCheckpoint(source: string, options: ExitOptions = {}): Checkpoint {
  requireFolder(source);
  const folder = snapshotIn(source);
  refuseDanglingLinks(folder);
  refuseAdapter(folder);
  refuseOriginalFormat(folder);
  const path = join(folder, 'config.json');
  const fix = 'Give the folder of a Hugging Face checkpoint.';
  const config = checkConfig(readModelJson(path, z.unknown(), { fix }), path);
  const shape = architectureOf(config, path);
  const decided = decideExits(folder, shape.layers, options);
  const { kind, exits } = decided;
  const { collected, foreignHeads, ...weights } = readWeights(folder, decided, shape);
  refusePacked(collected, config.quantization_config?.quant_method);
  const isOwnHead = shape.tiedHead ? hasOwnHead(collected.tensors) : undefined;
  const architecture = isOwnHead ? { ...shape, tiedHead: false } : shape;
  const trained = foreignHeads ? NO_EXIT_HEADS : trainedExitHeads(kind, exits, architecture.layers);
  const owner = { folder, kind, layers: architecture.layers };
  const tensors = requireTensors(collected, expectedTensors(architecture, trained), owner);
  return {
    folder,
    kind,
    architecture,
    exits,
    exitHeads: foreignHeads?.exitHeads ?? trained,
    foreignHeads,
    eosTokenIds: readEosIds(folder, config.eos_token_id),
    tensors: new Map([...tensors, ...(foreignHeads?.tensors ?? [])]),
    changes: new Map(),
    files: weights.files,
    hasOwnHead: isOwnHead === true,
    notes: [
      ...notesOn(familyOf(config, path), config, architecture.contextLength),
      ...weights.notes,
      ...noteOnHead(isOwnHead),
    ],
  };
}

/** generation_config.json may name more ends than config.json (chat models: the end of a turn). */
function readEosIds(folder: string, fromConfig: Parameters<typeof eosIdList>[0]): number[] {
  const path = join(folder, 'generation_config.json');
  if (!isThere(path)) return eosIdList(fromConfig);
  const fix = 'Repair or remove generation_config.json.';
  const generation = readModelJson(path, generationConfigSchema, { fix });
  return eosIdList(generation.eos_token_id ?? fromConfig);
}
