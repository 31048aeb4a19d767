/** Whether a model fits into the memory of this machine, and how many workers would share the work. */
import { availableParallelism } from 'node:os';
import { availableMemory, USABLE_SHARE } from '../core/available-memory.ts';
import { InputError } from '../core/errors.ts';
import { DEFAULT_MEMORY_MB } from '../engine/cache/memory-budget.ts';
import { humanBytes } from '../figures/chart/format-number.ts';
import type { Precision } from '../model/quantise/precision.ts';
import { OWN_BYTES } from '../worker/jobs/batch-needs.ts';
import { planWorkers } from '../worker/plan-workers.ts';

/** Of fp32, what quantised weights take; docs/quantisation.md measures it. */
const SHARES: readonly (readonly [Precision, number])[] = [
  ['fp32', 1],
  ['int8', 1 / 3.5],
  ['int4', 1 / 5],
];

interface Weights {
  /** Of a model folder; null: a checkpoint, which is not imported yet. */
  readonly precision: Precision | null;
  readonly parameters: number;
  /** As stored. */
  readonly bytes: number;
}

interface Machine {
  /** Bytes. */
  readonly available: number;
  readonly cores: number;
}

interface Need {
  readonly precision: Precision;
  /** Of the weights, once opened: floats are float32, whatever their dtype in the file. */
  readonly bytes: number;
}

/** @throws InputError `bad-machine` where it fits at no precision that it has or could be imported at */
export function memoryText(
  weights: Weights,
  machine: Machine = { available: availableMemory(), cores: availableParallelism() },
): string {
  const needs = needsOf(weights);
  const fitting = needs.find(({ bytes }) => bytes + OWN_BYTES <= machine.available * USABLE_SHARE);
  if (fitting === undefined) throw tooLarge(needs, machine);
  const text = `${needText(fitting)} of ${usableText(machine)}; ${workersText(fitting, machine)}`;
  return fitting === needs[0] ? text : `not at ${needText(needs[0]!)}; import --precision ${text}`;
}

/** A folder has one precision; a checkpoint can be imported at each. */
function needsOf({ precision, parameters, bytes }: Weights): Need[] {
  if (precision !== null) return [{ precision, bytes: precision === 'fp32' ? parameters * 4 : bytes }];
  return SHARES.map(([name, share]) => ({ precision: name, bytes: parameters * 4 * share }));
}

function workersText({ bytes }: Need, { available, cores }: Machine): string {
  const shared = { cacheBytes: DEFAULT_MEMORY_MB * 1e6, freeBytes: available };
  const { workers } = planWorkers({ cores, count: cores, workerBytes: bytes, ...shared });
  return `${workers === 1 ? '1 worker' : `${workers} workers`} for ${cores} cores`;
}

function tooLarge(needs: readonly Need[], machine: Machine): InputError {
  return new InputError({
    code: 'bad-machine',
    where: 'this machine',
    expected: `memory for the weights: ${needs.map(needText).join(', ')}`,
    found: usableText(machine),
    fix:
      needs.length === 1 && needs[0]!.precision === 'fp32'
        ? 'End other programs, import it with --precision int8 or int4, or use a larger machine.'
        : 'End other programs, or use a larger machine.',
  });
}

const needText = ({ precision, bytes }: Need) => `${precision}: ${humanBytes(bytes)}`;

const usableText = ({ available }: Machine) =>
  `${humanBytes(available * USABLE_SHARE)} usable (${USABLE_SHARE * 100} % of ${humanBytes(available)} free)`;
