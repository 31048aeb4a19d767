import { availableParallelism, cpus } from 'node:os';
import { executionProvider } from '../model/folder/provider.ts';

/** `AMD EPYC 7B13, 2 cores, cpu`: another processor, or another share of it, is another measurement. */
export function machineName(): string {
  const processor = cpus()[0]?.model.trim() ?? process.arch;
  return `${processor}, ${availableParallelism()} cores, ${executionProvider()}`;
}
