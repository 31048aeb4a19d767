declare module 'virtual:published-cells' {
  import type { PublishedCell } from '../data/published-scores.ts';

  /** The file's name. */
  export const name: string;
  export const cells: readonly PublishedCell[];
}
