/** Depths and names of sub-models. */

/** `exit / layers` in lowest terms: 12 of 40 layers and 3 of 10 are both `3/10`. */
export function relativeDepth(exit: number, layers: number): string {
  const divisor = greatestCommonDivisor(exit, layers);
  return `${exit / divisor}/${layers / divisor}`;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/**
 * A model whose depth is chosen token by token stands beside its model under a name of its own: `soft` and
 * `adaptive:0.9` → `soft@adaptive:0.9`. No name in a sweep file has an @.
 */
const MARK = '@';

export function dynamicModelName(model: string, dynamic: string): string {
  return `${model}${MARK}${dynamic}`;
}

/** `soft@6`; a model whose depth is chosen token by token has no other sub-model than itself. */
export function subModelName(model: string, exit: number): string {
  return partsOfDynamicName(model) ? model : `${model}${MARK}${exit}`;
}

/** `SoFT` and `speculative:6:4` → `SoFT speculative 6 4` */
export function dynamicLabel(label: string, dynamic: string): string {
  return `${label} ${dynamic.replaceAll(':', ' ')}`;
}

/** The two parts of such a name; undefined for every other name. */
export function partsOfDynamicName(name: string): { model: string; dynamic: string } | undefined {
  const mark = name.indexOf(MARK);
  return mark < 0 ? undefined : { model: name.slice(0, mark), dynamic: name.slice(mark + 1) };
}
