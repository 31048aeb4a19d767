import type { Measured } from './measure.ts';

export interface CoreRow {
  readonly cores: number;
  readonly local: readonly Measured[];
  readonly served: readonly Measured[];
}

/** Tokens a second as ratios: served beside local on the same cores, and each beside itself on one core. */
export function ratioTable(rows: readonly CoreRow[]): string {
  const [one] = rows;
  const lines = rows.map(({ cores, local, served }) => {
    const [own, rays] = [median(local), median(served)];
    const ratios = [rays / own, own / median(one!.local), rays / median(one!.served)];
    return `| ${cores} | ${ratios.map((ratio) => ratio.toFixed(2)).join(' | ')} |`;
  });
  return [
    '| Cores (replicas) | Ray : own engine | own engine : on one core | Ray : one replica |',
    '|--:|--:|--:|--:|',
    ...lines,
  ].join('\n');
}

/** Whether all answers have the same ids. */
export function compareRounds(rows: readonly CoreRow[]): boolean {
  const all = rows
    .flatMap(({ local, served }) => [...local, ...served])
    .map(({ ids }) => JSON.stringify([...ids].sort()));
  const isEqual = new Set(all).size === 1;
  console.log(isEqual ? 'All answers have the same ids.' : 'Answers have other ids.');
  return isEqual;
}

function median(measured: readonly Measured[]): number {
  const sorted = measured.map(({ tokensPerSecond }) => tokensPerSecond).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
