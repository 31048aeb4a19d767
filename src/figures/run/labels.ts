/** What figures call the models and the size of a run. */
import type { RunHead, RunModel } from '../../store/read/run-head.ts';

export function labelOf({ models }: RunHead, name: string): string {
  return models.find(({ model }) => model === name)?.label ?? name;
}

/** `n = 170`, never broken over two lines. */
export function sizeOf({ instructions }: Pick<RunHead, 'instructions'>): string {
  return `n\u00a0=\u00a0${instructions}`;
}

export function exitsOf({ subModels }: RunModel): number[] {
  return subModels.map(({ exit }) => exit);
}
