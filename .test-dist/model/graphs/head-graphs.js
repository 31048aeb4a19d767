import { GraphBuilder } from './graph-builder.js';
import { norm } from './norm.js';
import { floatWeight, linear, product } from './weights.js';
/** Name of the output that tells whether a row's logits are finite, in every graph that chooses tokens. */
export const LOGIT_SUM = 'logit_sum';
/** [N, V] → [N]: NaN or infinite where one of the logits is. */
export function addLogitSum(graph, logits) {
    graph.node('ReduceSum', [logits, graph.ints(-1)], { keepdims: { int: 0 } }, LOGIT_SUM);
    return { name: LOGIT_SUM, type: 'float', shape: ['N'] };
}
/**
 * Final norm and LM head.
 * Input `hidden` [N, D]; outputs `next_token` int64 [N], the lowest id of the largest logit as in `torch.argmax`,
 * `logit_sum` [N], and `logits` [N, V], which only tests and checks fetch.
 */
export function headGraph(architecture, weights) {
    const { hiddenSize, vocabSize } = architecture;
    const graph = new GraphBuilder();
    headLogits(graph, architecture, weights, 'logits');
    graph.node('ArgMax', ['logits'], { axis: { int: -1 }, keepdims: { int: 0 } }, 'next_token');
    const logitSum = addLogitSum(graph, 'logits');
    return graph.finish('head', [{ name: 'hidden', type: 'float', shape: ['N', hiddenSize] }], [
        { name: 'next_token', type: 'int64', shape: ['N'] },
        logitSum,
        { name: 'logits', type: 'float', shape: ['N', vocabSize] },
    ]);
}
/**
 * `hidden` [N, D] → logits [N, V]
 * @param name of the logits, if they leave the graph
 */
export function headLogits(graph, shape, weights, name) {
    const normed = norm(graph, shape, 'hidden', floatWeight(graph, 'norm', weights.norm));
    return product(graph, normed, 'head', weights.head, name === undefined ? {} : { name });
}
export const klHidden = (head) => `hidden.${head}`;
export const klNorm = (head) => `norm.${head}`;
export const klHead = (head) => `head.${head}`;
export const klNats = (head) => `kl.${head}`;
/**
 * KL(reference ‖ sub-model) in nats at P positions for `heads` heads with E exits each, so that no [P, V] leaves the graph
 * and the reference's log-probabilities are computed once. The weights are inputs because heads lie in two model folders and
 * ONNX Runtime reads external data from one; an input costs no copy.
 *
 * Inputs: `reference_hidden` [P, Dr], `reference_norm` [Dr], `reference_head` [V, Dr]; for each head `hidden.n` [E, P, D],
 * `norm.n` [D], `head.n` [V, D]. Outputs: `kl.n` [E, P].
 */
export function klGraph(reference, subModel, heads) {
    const graph = new GraphBuilder();
    const logP = logProbabilities(graph, reference, 'reference_hidden', 'reference_norm', 'reference_head'); // [P, V]
    const p = graph.node('Exp', [logP]);
    const all = Array.from({ length: heads }, (_, head) => head);
    for (const head of all) {
        const logQ = logProbabilities(graph, subModel, klHidden(head), klNorm(head), klHead(head)); // [E, P, V]
        const terms = graph.node('Mul', [p, graph.node('Sub', [logP, logQ])]);
        graph.node('ReduceSum', [terms, graph.ints(-1)], { keepdims: { int: 0 } }, klNats(head));
    }
    const input = (name, ...shape) => ({ name, type: 'float', shape });
    const { hiddenSize: Dr, vocabSize: V } = reference;
    const { hiddenSize: D } = subModel;
    return graph.finish('kl', [
        input('reference_hidden', 'P', Dr),
        input('reference_norm', Dr),
        input('reference_head', V, Dr),
        ...all.flatMap((head) => [
            input(klHidden(head), `E${head}`, 'P', D),
            input(klNorm(head), D),
            input(klHead(head), V, D),
        ]),
    ], all.map((head) => ({ name: klNats(head), type: 'float', shape: [`E${head}`, 'P'] })));
}
/**
 * Log-probability in nats that a head gives to chosen tokens, so that no [N, V] leaves the graph. The weights are inputs as
 * in {@link klGraph}.
 *
 * Inputs: `hidden` [N, D], `norm` [D], `head` [V, D], `token` int64 [N, 1]. Output: `log_probability` [N, 1].
 */
export function likelihoodGraph(shape) {
    const { hiddenSize: D, vocabSize: V } = shape;
    const graph = new GraphBuilder();
    const ofAllTokens = logProbabilities(graph, shape, 'hidden', 'norm', 'head'); // [N, V]
    graph.node('GatherElements', [ofAllTokens, 'token'], { axis: { int: -1 } }, 'log_probability');
    return graph.finish('likelihood', [
        { name: 'hidden', type: 'float', shape: ['N', D] },
        { name: 'norm', type: 'float', shape: [D] },
        { name: 'head', type: 'float', shape: [V, D] },
        { name: 'token', type: 'int64', shape: ['N', 1] },
    ], [{ name: 'log_probability', type: 'float', shape: ['N', 1] }]);
}
/** hidden [.., N, D] → [.., N, V], with norm and head as inputs. */
function logProbabilities(graph, shape, hidden, normWeight, head) {
    const logits = linear(graph, norm(graph, shape, hidden, normWeight), head);
    return graph.node('LogSoftmax', [logits], { axis: { int: -1 } });
}
