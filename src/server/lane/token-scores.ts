import { seededRandom } from '../../metrics/random.ts';
import type { Sampling, TokenLogprob } from './asked.ts';

/** Log-probabilities in nats of logits [V], in double precision. */
export function logProbabilities(logits: Float32Array): Float64Array {
  const largest = logits.reduce((most, logit) => Math.max(most, logit), Number.NEGATIVE_INFINITY);
  let sum = 0;
  for (const logit of logits) sum += Math.exp(logit - largest);
  const shift = largest + Math.log(sum);
  return Float64Array.from(logits, (logit) => logit - shift);
}

/** The lowest id of the largest logit, as in the head's own choice. */
export function mostLikely(logits: Float32Array): number {
  let best = 0;
  for (let id = 1; id < logits.length; id++) if (logits[id]! > logits[best]!) best = id;
  return best;
}

/** A token's own log-probability and those of the `count` most likely ones. */
export function scoreToken(logProbs: Float64Array, id: number, count: number): TokenLogprob {
  return { id, logprob: logProbs[id]!, top: likeliest(logProbs, count).map((top) => [top, logProbs[top]!]) };
}

/** The `count` most likely ids, falling; of equal ones the lower first. */
function likeliest(logProbs: Float64Array, count: number): number[] {
  const best: number[] = [];
  if (count === 0) return best;
  for (let id = 0; id < logProbs.length; id++) {
    if (best.length === count && logProbs[id]! <= logProbs[best.at(-1)!]!) continue;
    const place = best.findIndex((other) => logProbs[other]! < logProbs[id]!);
    best.splice(place < 0 ? best.length : place, 0, id);
    if (best.length > count) best.pop();
  }
  return best;
}

/** Draws tokens, the same ones for the same seed and logits. */
export function samplerOf({ temperature, topP, seed }: Sampling): (logits: Float32Array) => number {
  const random = seededRandom(seed);
  return (logits) => {
    const scaled = logProbabilities(logits.map((logit) => logit / temperature));
    const probabilities = Float64Array.from(scaled, Math.exp);
    const order = Array.from(probabilities.keys()).sort(
      (left, right) => probabilities[right]! - probabilities[left]! || left - right,
    );
    return draw(probabilities, nucleus(probabilities, order, topP), random());
  };
}

/** The most likely ids whose probabilities reach `topP` together. */
function nucleus(probabilities: Float64Array, order: readonly number[], topP: number): readonly number[] {
  let sum = 0;
  const last = order.findIndex((id) => {
    sum += probabilities[id]!;
    return sum >= topP;
  });
  return last < 0 ? order : order.slice(0, last + 1);
}

/** @param point 0 (included) to 1 */
function draw(probabilities: Float64Array, ids: readonly number[], point: number): number {
  const total = ids.reduce((sum, id) => sum + probabilities[id]!, 0);
  let rest = point * total;
  for (const id of ids) {
    rest -= probabilities[id]!;
    if (rest < 0) return id;
  }
  return ids.at(-1)!;
}
