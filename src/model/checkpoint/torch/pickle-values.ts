/** A name from a Python module, such as `collections.OrderedDict`. */
export class GlobalName {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

export type PickleValue =
  | string
  | number
  | boolean
  | null
  | GlobalName
  | PickleDict
  | PickleValue[]
  | PickleTuple
  | object;

/** Values that cannot grow any more. */
export class PickleTuple {
  readonly items: readonly PickleValue[];

  constructor(items: readonly PickleValue[]) {
    this.items = items;
  }
}

/** A dict with any keys; a `Map` has no prototype to fall into. */
export class PickleDict extends Map<PickleValue, PickleValue> {}

/** What is wrong with a pickle; the caller says which file it is. */
export class PickleError extends Error {}
