import type { Architecture } from '../checkpoint/architecture.ts';
import type { WeightPlace } from '../quantise/weight-place.ts';
import { GraphBuilder } from './graph-builder.ts';
import { type NormShape, norm } from './norm.ts';
import type { OnnxGraph, OnnxValue } from './onnx.ts';
import { floatWeight, linear, product } from './weights.ts';

/** The two weights that turn a hidden state into logits. */
export interface HeadWeights {
  /** [D] */
  readonly norm: WeightPlace;
  /** [V, D] */
  readonly head: WeightPlace;
}

/** The output that is finite if all logits of a row are, in every graph that chooses tokens. */
export const LOGIT_SUM = 'logit_sum';

/** [N, V] → [N]: NaN or infinite if one of the logits is. */
export function addLogitSum(graph: GraphBuilder, logits: string): OnnxValue {
  graph.node('ReduceSum', [logits, graph.ints(-1)], { keepdims: { int: 0 } }, LOGIT_SUM);
  return { name: LOGIT_SUM, type: 'float', shape: ['N'] };
}

/**
 * Final norm and LM head. Input `hidden` [N, D]; outputs `next_token` int64 [N], the lowest id of the largest
 * logit as in `torch.argmax`, `logit_sum` [N], and `logits` [N, V], which only tests and checks fetch.
 */
export function headGraph(architecture: Architecture, weights: HeadWeights): OnnxGraph {
  const graph = new GraphBuilder();
  return finishHead(graph, 'head', architecture, addTokenChoice(graph, architecture, weights));
}

/** Output of {@link confidenceHeadGraph}: [N, 2], the two largest probabilities of each row, falling. */
export const TOP_PROBABILITIES = 'top_probabilities';

/** {@link headGraph} with one more output, `top_probabilities`: how sure it is. */
export function confidenceHeadGraph(architecture: Architecture, weights: HeadWeights): OnnxGraph {
  const graph = new GraphBuilder();
  const choice = addTokenChoice(graph, architecture, weights);
  const axis = { axis: { int: -1 } };
  const probabilities = graph.node('Softmax', ['logits'], axis);
  graph.nodeWithOutputs('TopK', [probabilities, graph.ints(2)], axis, [TOP_PROBABILITIES, 'top_ids']);
  const confidence: OnnxValue = { name: TOP_PROBABILITIES, type: 'float', shape: ['N', 2] };
  return finishHead(graph, 'confidence-head', architecture, [...choice, confidence]);
}

/**
 * {@link headGraph} with a repetition penalty, as in transformers' greedy decoding: the logit of each token that a row
 * has seen is divided by it, or multiplied where it is negative.
 *
 * Inputs: `hidden` [N, D]; `seen_ids` int64 [N, L], short rows filled up with an id that they have seen; `penalty` [1].
 * Outputs: `next_token` int64 [N] and `logit_sum` [N].
 */
export function penalisedHeadGraph(architecture: Architecture, weights: HeadWeights): OnnxGraph {
  const graph = new GraphBuilder();
  const axis = { axis: { int: -1 } };
  const logits = headLogits(graph, architecture, weights);
  const logitSum = addLogitSum(graph, logits);
  const seen = graph.node('GatherElements', [logits, 'seen_ids'], axis);
  const isNegative = graph.node('Less', [seen, graph.float(0)]);
  const [multiplied, divided] = ['Mul', 'Div'].map((operation) => graph.node(operation, [seen, 'penalty']));
  const penalised = graph.node('Where', [isNegative, multiplied!, divided!]);
  const processed = graph.node('ScatterElements', [logits, 'seen_ids', penalised], axis);
  graph.node('ArgMax', [processed], { ...axis, keepdims: { int: 0 } }, 'next_token');
  return graph.finish(
    'penalised-head',
    [
      { name: 'hidden', type: 'float', shape: ['N', architecture.hiddenSize] },
      { name: 'seen_ids', type: 'int64', shape: ['N', 'L'] },
      { name: 'penalty', type: 'float', shape: [1] },
    ],
    [{ name: 'next_token', type: 'int64', shape: ['N'] }, logitSum],
  );
}

/** `hidden` [N, D] → `next_token`, `logit_sum` and `logits`, as outputs. */
function addTokenChoice(graph: GraphBuilder, architecture: Architecture, weights: HeadWeights): OnnxValue[] {
  headLogits(graph, architecture, weights, 'logits');
  graph.node('ArgMax', ['logits'], { axis: { int: -1 }, keepdims: { int: 0 } }, 'next_token');
  const logitSum = addLogitSum(graph, 'logits');
  return [
    { name: 'next_token', type: 'int64', shape: ['N'] },
    logitSum,
    { name: 'logits', type: 'float', shape: ['N', architecture.vocabSize] },
  ];
}

function finishHead(
  graph: GraphBuilder,
  name: string,
  { hiddenSize }: Architecture,
  outputs: readonly OnnxValue[],
): OnnxGraph {
  return graph.finish(name, [{ name: 'hidden', type: 'float', shape: ['N', hiddenSize] }], outputs);
}

/**
 * `hidden` [N, D] → logits [N, V]
 * @param name of the logits, if they leave the graph
 */
export function headLogits(
  graph: GraphBuilder,
  shape: NormShape,
  weights: HeadWeights,
  name?: string,
): string {
  const normed = norm(graph, shape, 'hidden', floatWeight(graph, 'norm', weights.norm));
  return product(graph, normed, 'head', weights.head, name === undefined ? {} : { name });
}

/** Vocabulary, width and norm of one side of a KL graph. */
type HeadShape = NormShape & Pick<Architecture, 'hiddenSize' | 'vocabSize'>;

export const klHidden = (head: number) => `hidden.${head}`;
export const klNorm = (head: number) => `norm.${head}`;
export const klHead = (head: number) => `head.${head}`;
export const klNats = (head: number) => `kl.${head}`;

/**
 * KL(reference ‖ sub-model) in nats at P positions for `heads` heads with E exits each, so that no [P, V]
 * leaves the graph and the reference's log-probabilities are computed once. The weights are inputs because
 * heads lie in two model folders and ONNX Runtime reads external data from one; an input costs no copy.
 *
 * Inputs: `reference_hidden` [P, Dr], `reference_norm` [Dr], `reference_head` [V, Dr]; for each head
 * `hidden.n` [E, P, D], `norm.n` [D], `head.n` [V, D]. Outputs: `kl.n` [E, P].
 */
export function klGraph(reference: HeadShape, subModel: HeadShape, heads: number): OnnxGraph {
  const graph = new GraphBuilder();
  // logP, p: [P, V]; logQ: [E, P, V]
  const logP = logProbabilities(graph, reference, 'reference_hidden', 'reference_norm', 'reference_head');
  const p = graph.node('Exp', [logP]);
  const all = Array.from({ length: heads }, (_, head) => head);
  for (const head of all) {
    const logQ = logProbabilities(graph, subModel, klHidden(head), klNorm(head), klHead(head));
    const terms = graph.node('Mul', [p, graph.node('Sub', [logP, logQ])]);
    graph.node('ReduceSum', [terms, graph.ints(-1)], { keepdims: { int: 0 } }, klNats(head));
  }
  const input = (name: string, ...shape: (string | number)[]): OnnxValue => ({ name, type: 'float', shape });
  const { hiddenSize: Dr, vocabSize: V } = reference;
  const { hiddenSize: D } = subModel;
  return graph.finish(
    'kl',
    [
      input('reference_hidden', 'P', Dr),
      input('reference_norm', Dr),
      input('reference_head', V, Dr),
      ...all.flatMap((head) => [
        input(klHidden(head), `E${head}`, 'P', D),
        input(klNorm(head), D),
        input(klHead(head), V, D),
      ]),
    ],
    all.map((head): OnnxValue => ({ name: klNats(head), type: 'float', shape: [`E${head}`, 'P'] })),
  );
}

/**
 * Log-probability in nats that a head gives to chosen tokens, so that no [N, V] leaves the graph. The weights
 * are inputs as in {@link klGraph}.
 *
 * Inputs: `hidden` [N, D], `norm` [D], `head` [V, D], `token` int64 [N, 1]. Output: `log_probability` [N, 1].
 */
export function likelihoodGraph(shape: HeadShape): OnnxGraph {
  const { hiddenSize: D, vocabSize: V } = shape;
  const graph = new GraphBuilder();
  const ofAllTokens = logProbabilities(graph, shape, 'hidden', 'norm', 'head'); // [N, V]
  graph.node('GatherElements', [ofAllTokens, 'token'], { axis: { int: -1 } }, 'log_probability');
  return graph.finish(
    'likelihood',
    [
      { name: 'hidden', type: 'float', shape: ['N', D] },
      { name: 'norm', type: 'float', shape: [D] },
      { name: 'head', type: 'float', shape: [V, D] },
      { name: 'token', type: 'int64', shape: ['N', 1] },
    ],
    [{ name: 'log_probability', type: 'float', shape: ['N', 1] }],
  );
}

/** hidden [.., N, D] → [.., N, V], with norm and head as inputs. */
function logProbabilities(
  graph: GraphBuilder,
  shape: NormShape,
  hidden: string,
  normWeight: string,
  head: string,
): string {
  const logits = linear(graph, norm(graph, shape, hidden, normWeight), head);
  return graph.node('LogSoftmax', [logits], { axis: { int: -1 } });
}
