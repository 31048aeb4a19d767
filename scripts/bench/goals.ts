/** A number of the bench beside what was wanted of it. */
export interface Goal {
  readonly part: string;
  /** What the number says. */
  readonly title: string;
  /** `undefined`: not measured, `why` says why. */
  readonly measured?: number;
  readonly why?: string;
  readonly target: number;
  readonly isAtLeast: boolean;
  readonly unit: '×' | 's';
}

export function goalRow(goal: Goal): string[] {
  const { title, measured, why, target, isAtLeast, unit } = goal;
  const wanted = `${isAtLeast ? '≥' : '≤'} ${withUnit(target, unit)}`;
  if (measured === undefined) return [title, `skipped: ${why ?? 'not measured'}`, wanted, '–'];
  return [title, withUnit(measured, unit), wanted, isMet(goal) ? 'met' : shortfall(goal)];
}

export function isMet({ measured, target, isAtLeast }: Goal): boolean {
  if (measured === undefined) return false;
  return isAtLeast ? measured >= target : measured <= target;
}

/** By how much of the target a goal is missed. */
function shortfall({ measured, target, isAtLeast }: Goal): string {
  const share = Math.abs(measured! - target) / target;
  return `missed by ${Math.round(100 * share)} % (too ${isAtLeast ? 'low' : 'high'})`;
}

function withUnit(value: number, unit: Goal['unit']): string {
  return unit === 's' ? `${value.toFixed(1)} s` : `${value.toFixed(2)} ×`;
}
