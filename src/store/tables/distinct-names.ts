/** A second column of the same name gets `_2`. */
export function distinctNames(names: readonly string[]): string[] {
  const used = new Set<string>();
  return names.map((name) => {
    let distinct = name;
    for (let count = 2; used.has(distinct); count++) distinct = `${name}_${count}`;
    used.add(distinct);
    return distinct;
  });
}
