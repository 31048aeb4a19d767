import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import type { CheckpointTensor } from '../checkpoint/checkpoint-tensors.ts';
import { isKnownDtype } from '../checkpoint/safetensors.ts';
import type { TensorChange } from '../checkpoint/tensor-change.ts';
import { EMBEDDING, expectedTensors, LM_HEAD } from '../checkpoint/tensor-names.ts';
import type { AdapterSettings } from './adapter-config.ts';
import { notMerged, otherBase } from './adapter-errors.ts';
import type { AdapterTensor, ModuleParts } from './adapter-parts.ts';
import type { AdapterMatrix, LowRank } from './low-rank.ts';
import { mergeChange } from './merge-change.ts';

/** A checkpoint with an adapter: where its tensors are read, and what is made of them. */
export interface Merged extends Pick<Checkpoint, 'architecture' | 'tensors' | 'changes'> {
  readonly notes: readonly string[];
}

const EMBEDDING_MODULE = EMBEDDING.replace('.weight', '');
const HEAD_MODULE = LM_HEAD.replace('.weight', '');

/**
 * What an adapter makes of the tensors of its base. Nothing is read or written yet.
 * @throws InputError `bad-checkpoint` for an adapter of another base, `unsupported-model`
 */
export function planMerge(
  base: Checkpoint,
  parts: ReadonlyMap<string, ModuleParts>,
  settings: AdapterSettings,
): Merged {
  const { architecture, tensors: own, notes } = untied(base, parts, settings);

  const known = new Set([...expectedTensors(architecture, base.exitHeads)].map(([name]) => name));
  const tensors = new Map(own);
  const changes = new Map<string, TensorChange>();
  if (architecture.tiedHead !== base.architecture.tiedHead) {
    changes.set(LM_HEAD, mergeChange({ dtype: own.get(LM_HEAD)!.dtype, where: LM_HEAD }));
  }
  for (const [module, part] of parts) {
    const weight = changeOfWeight(module, part, { known, tensors: own, settings });
    const bias = changeOfBias(module, part, { known, tensors: own, settings });
    for (const { name, source, change } of [weight, bias].filter((it) => it !== undefined)) {
      tensors.set(name, source);
      changes.set(name, change);
    }
  }
  return { architecture, tensors, changes, notes };
}

/**
 * With a tied head, peft trains embedding and head apart, unless `ensure_weight_tying` keeps them together: what was
 * trained is then two matrices.
 */
function untied(
  { architecture, tensors }: Checkpoint,
  parts: ReadonlyMap<string, ModuleParts>,
  { config }: AdapterSettings,
): Pick<Merged, 'architecture' | 'tensors' | 'notes'> {
  const changesHead = parts.has(HEAD_MODULE);
  const changesOne = changesHead || (parts.has(EMBEDDING_MODULE) && config.ensure_weight_tying !== true);
  if (!architecture.tiedHead || !changesOne) return { architecture, tensors, notes: [] };
  return {
    architecture: { ...architecture, tiedHead: false },
    tensors: new Map(tensors).set(LM_HEAD, tensors.get(EMBEDDING)!),
    notes: [
      'the adapter changes the embedding or the head of a base that ties them: the head becomes one of its own',
    ],
  };
}

interface Base {
  readonly known: ReadonlySet<string>;
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  readonly settings: AdapterSettings;
}

interface NamedChange {
  readonly name: string;
  /** Whose numbers are changed: the base's, or a whole tensor of the adapter. */
  readonly source: CheckpointTensor;
  readonly change: TensorChange;
}

function changeOfWeight(module: string, parts: ModuleParts, base: Base): NamedChange | undefined {
  const { weight, lora_A, lora_embedding_A, lora_magnitude_vector: lengths } = parts;
  const part = weight ?? lora_A ?? lora_embedding_A ?? lengths;
  if (!part) return undefined;
  const name = `${module}.weight`;
  const old = baseTensor(name, part, base);
  const source = weight ? { ...floats(weight, old.shape, base.settings), bytes: weight.bytes } : old;
  const lora = lowRankOf(module, parts, old.shape, base.settings);
  if (lengths && lora?.isEmbedding !== false)
    throw notMerged(lengths, 'DoRA of a projection', 'of an embedding');
  const magnitude = lengths && floats(lengths, old.shape.slice(0, 1), base.settings);
  const change = mergeChange({ dtype: old.dtype, where: whereOf(part), lora, magnitude });
  return { name, source, change };
}

function changeOfBias(module: string, parts: ModuleParts, base: Base): NamedChange | undefined {
  const { bias, lora_B_bias: added } = parts;
  const part = bias ?? added;
  if (!part) return undefined;
  const { settings } = base;
  const name = `${module}.bias`;
  const old = baseTensor(name, part, base);
  const source = bias ? { ...floats(bias, old.shape, settings), bytes: bias.bytes } : old;
  const { scale } = settings.ofModule(module);
  const change = mergeChange({
    dtype: old.dtype,
    where: whereOf(part),
    bias: added && { matrix: floats(added, old.shape, settings), scale },
  });
  return { name, source, change };
}

function baseTensor(name: string, part: AdapterTensor, { known, tensors, settings }: Base): CheckpointTensor {
  const tensor = known.has(name) ? tensors.get(name) : undefined;
  if (tensor) return tensor;
  throw otherBase(part, `a base with ${name}, which this one does not have`, settings);
}

function lowRankOf(
  module: string,
  parts: ModuleParts,
  shape: readonly number[],
  settings: AdapterSettings,
): LowRank | undefined {
  const { lora_A, lora_B, lora_embedding_A, lora_embedding_B } = parts;
  const [a, b] = [lora_A ?? lora_embedding_A, lora_B ?? lora_embedding_B];
  if (!a || !b) return undefined;
  const isEmbedding = lora_embedding_A !== undefined;
  if (isEmbedding !== (module === EMBEDDING_MODULE) || (isEmbedding && lora_A) || shape.length !== 2) {
    throw notMerged(
      a,
      'lora_A and lora_B of a projection, or lora_embedding_A and _B of the embedding',
      'another pair',
    );
  }
  const { rank, scale } = settings.ofModule(module);
  const [rows, columns] = shape as [number, number];
  const aColumns = isEmbedding ? rows : columns;
  return {
    a: floats(a, [rank, aColumns], settings),
    b: floats(b, [isEmbedding ? columns : rows, rank], settings),
    isEmbedding,
    rank,
    scale,
  };
}

/** A part of the adapter, after checking that it is floats of a shape. */
function floats(part: AdapterTensor, shape: readonly number[], settings: AdapterSettings): AdapterMatrix {
  const { file, dtype, offset } = part;
  if (isKnownDtype(dtype) && String(part.shape) === String(shape)) return { file, dtype, offset, shape };
  throw otherBase(part, `F32, F16 or BF16 of shape [${shape.join(', ')}]`, settings);
}

const whereOf = ({ file, storedName }: AdapterTensor) => `${file}: ${storedName}`;
