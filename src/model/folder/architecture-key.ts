import { canonicalJson, type JsonValue } from '../../core/json.ts';
import { type Architecture, biasesOf, DEFAULT_TRAITS } from '../checkpoint/architecture.ts';
import type { RopeScaling } from '../checkpoint/config/rope-scaling.ts';

/**
 * What a content key holds of an architecture. The first keys were made of `JSON.stringify`, and so of the
 * order in which the fields of that time happened to lie in memory. That order is written out here, because
 * any other one would change the key of every model ever evaluated. A field that came later follows in
 * canonical JSON, and only where it is not at its default: a new field changes no key that exists.
 */
export function architectureKey(architecture: Architecture): { readonly [field: string]: JsonValue } {
  const { layers, hiddenSize, heads, kvHeads, headDim, intermediateSize, vocabSize, rmsNormEps } =
    architecture;
  const { ropeTheta, ropeScaling, contextLength, tiedHead } = architecture;
  return {
    layers,
    hiddenSize,
    heads,
    kvHeads,
    headDim,
    intermediateSize,
    vocabSize,
    rmsNormEps,
    ropeTheta,
    ropeScaling: ropeScalingKey(ropeScaling),
    contextLength,
    tiedHead,
    attentionBias: architecture.biases.q,
    mlpBias: architecture.biases.gate,
    ...laterFields(architecture),
  };
}

function ropeScalingKey(scaling: RopeScaling | null): JsonValue {
  switch (scaling?.type) {
    case undefined:
      return null;
    case 'linear':
      return { type: scaling.type, factor: scaling.factor };
    case 'dynamic':
      return { type: scaling.type, factor: scaling.factor, originalLength: scaling.originalLength };
    case 'llama3':
      return {
        type: scaling.type,
        factor: scaling.factor,
        lowFrequencyFactor: scaling.lowFrequencyFactor,
        highFrequencyFactor: scaling.highFrequencyFactor,
        originalLength: scaling.originalLength,
      };
    case 'yarn':
      return JSON.parse(canonicalJson(scaling));
  }
}

const FIRST_FIELDS: ReadonlySet<string> = new Set<keyof Architecture>([
  'layers',
  'hiddenSize',
  'heads',
  'kvHeads',
  'headDim',
  'intermediateSize',
  'vocabSize',
  'rmsNormEps',
  'ropeTheta',
  'ropeScaling',
  'contextLength',
  'tiedHead',
]);

function laterFields(architecture: Architecture): { readonly [field: string]: JsonValue } {
  const { q, gate } = architecture.biases;
  // Two flags stood for all seven projections.
  const defaults: Record<string, JsonValue> = { ...DEFAULT_TRAITS, biases: biasesOf(q, gate) };
  const later = Object.entries(architecture as Record<string, JsonValue>).filter(
    ([name, value]) =>
      !FIRST_FIELDS.has(name) &&
      !(name in defaults && canonicalJson(value) === canonicalJson(defaults[name]!)),
  );
  return JSON.parse(canonicalJson(Object.fromEntries(later)));
}
