/** The policies of schema 1 to 3: their SQL holds this list. */
export const POLICIES_1 = ['average', 'conflict-is-tie', 'both-agree', 'pooled'] as const;
