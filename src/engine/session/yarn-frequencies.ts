import type { YarnScaling } from '../../model/checkpoint/config/yarn.ts';

const f32 = Math.fround;

/**
 * `_compute_yarn_parameters` of transformers' modeling_rope_utils.py, rounded to float32 wherever PyTorch does:
 * pairs that turn often within the original context stay as they are, slow ones are divided by the factor,
 * and a ramp leads from the ones to the others.
 * @param periods of the unscaled embedding, tokens a radian [headDim / 2]
 * @returns radians a position, [headDim / 2]
 */
export function yarnFrequencies(periods: Float32Array, scaling: YarnScaling, theta: number): Float32Array {
  const [low, high] = rampOf(scaling, 2 * periods.length, theta);
  const width = f32(low === high ? 0.001 : high - low);
  return periods.map((period, pair) => {
    const ramp = Math.min(1, Math.max(0, f32(f32(pair - f32(low)) / width)));
    const kept = f32(1 - ramp);
    const slowed = f32(1 / f32(f32(scaling.factor) * period));
    return f32(slowed * f32(1 - kept)) + f32(f32(1 / period) * kept);
  });
}

/** The pairs between which the ramp lies. */
function rampOf(scaling: YarnScaling, headDim: number, theta: number): readonly [low: number, high: number] {
  const { betaFast, betaSlow, truncate, originalLength } = scaling;
  const pairThatTurns = (turns: number) =>
    (headDim * Math.log(originalLength / (turns * 2 * Math.PI))) / (2 * Math.log(theta));
  const [low, high] = [pairThatTurns(betaFast), pairThatTurns(betaSlow)];
  const [first, last] = truncate ? [Math.floor(low), Math.ceil(high)] : [low, high];
  return [Math.max(first, 0), Math.min(last, headDim - 1)];
}
