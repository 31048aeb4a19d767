/** An id names one instruction: a record that asks once more is refused, or left out with a note. */

import type { Instruction } from '../../core/domain.ts';
import { InputError } from '../../core/errors.ts';
import type { RecordOptions } from './record-options.ts';

export interface PlacedInstruction {
  readonly where: string;
  readonly instruction: Instruction;
}

/**
 * Each instruction once, as it stands first.
 * @param note gets what was left out
 * @throws InputError `bad-instructions` where `duplicates` is `refuse` and there are some
 */
export function distinctInstructions(
  placed: readonly PlacedInstruction[],
  duplicates: RecordOptions['duplicates'],
  note: (text: string) => void,
): Instruction[] {
  const first = new Map<string, PlacedInstruction>();
  const repeated: PlacedInstruction[] = [];
  for (const one of placed) {
    if (first.has(one.instruction.id)) repeated.push(one);
    else first.set(one.instruction.id, one);
  }
  const firstOf = ({ instruction }: PlacedInstruction) => first.get(instruction.id)!;
  if (repeated.length > 0) {
    if (duplicates === 'refuse') throw askedTwice(repeated, firstOf);
    const others = repeated.filter((one) => one.instruction.answer !== firstOf(one).instruction.answer);
    note(leftOut(repeated.length, others.length));
  }
  return [...first.values()].map(({ instruction }) => instruction);
}

function leftOut(count: number, others: number): string {
  const answers = others === 0 ? '' : `, of them with another known answer: ${others}`;
  return `Repeated records, left out (duplicates: first): ${count}${answers}.`;
}

function askedTwice(
  repeated: readonly PlacedInstruction[],
  firstOf: (one: PlacedInstruction) => PlacedInstruction,
): InputError {
  const duplicates = repeated.map((one) => `${one.where} repeats ${firstOf(one).where}`);
  const [shown, more] = [duplicates.slice(0, 3), duplicates.length - 3];
  return new InputError({
    code: 'bad-instructions',
    where: repeated[0]!.where,
    expected: 'each pair of instruction and input once',
    found: `${duplicates.length} repeated: ${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
    fix: 'Remove the repeated records, or write `records: { duplicates: first }` in the sweep file.',
  });
}
