/**
 * When an exit counts as not worse than a model at full depth: the lower end of the interval of the difference lies above
 * −margin. The view `depth_gaps` computes it; the constants stand here.
 */

export const STANDINGS = ['not worse', 'worse', 'not decided'] as const;

/** `worse`: by more than the margin. Neither can be said where the interval reaches from the one to the other. */
export type Standing = (typeof STANDINGS)[number];

/** Instructions below which nothing is decided. */
export const MIN_INSTRUCTIONS = 30;

/**
 * Who picks the smallest of k exits has k chances to be lucky, so each interval has the level 1 − 0.05/k: together they
 * hold with at least 95 %, however the exits depend on each other (Bonferroni). Quantiles of the normal distribution at
 * 1 − 0.025/k (Python: `statistics.NormalDist().inv_cdf(1 - 0.025 / k)`); in between, that of the next larger k.
 */
export const SIMULTANEOUS_Z: readonly (readonly [exits: number, z: number])[] = [
  ...([
    [1, 1.959964],
    [2, 2.241403],
    [3, 2.39398],
    [4, 2.497705],
    [5, 2.575829],
    [6, 2.638257],
  ] as const),
  ...([
    [7, 2.69011],
    [8, 2.734369],
    [9, 2.772921],
    [10, 2.807034],
    [11, 2.837597],
    [12, 2.86526],
  ] as const),
  ...([
    [13, 2.890512],
    [14, 2.913726],
    [15, 2.935199],
    [16, 2.955167],
    [20, 3.023341],
  ] as const),
  ...([
    [24, 3.078088],
    [32, 3.162818],
    [40, 3.227218],
    [48, 3.279024],
    [64, 3.359354],
  ] as const),
  ...([
    [80, 3.420527],
    [128, 3.546338],
    [256, 3.725004],
    [1024, 4.061167],
  ] as const),
];

/**
 * Observations that are added before an interval is computed, one for either side: without them equal responses would have
 * an interval of no width, however few they are (Bonett and Price 2012, "Adjusted Wald confidence interval for a
 * difference of binomial proportions based on paired data").
 */
export const ADDED_OBSERVATIONS = 2;
