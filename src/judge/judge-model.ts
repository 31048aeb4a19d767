/** Which model a judge is, apart from how it decodes. */

export interface JudgeModel {
  /** As its folder, its server or its file calls it. */
  readonly name: string;
  /** All of its weights; null: not known, as behind a server. */
  readonly parameters: number | null;
  /** Where it is from, in a few words. */
  readonly source: string;
}

/**
 * `nano judge: judge, 1.8 million parameters (checkpoint of 6 layers at fp32)`
 * @param label what the sweep file calls it
 * @param model null or undefined: results of a version that did not store it
 */
export function judgeModelText(label: string, model: JudgeModel | null | undefined): string {
  if (!model) return `${label}; its model was not stored`;
  const { name, parameters, source } = model;
  const size = parameters === null ? 'number of parameters not known' : parametersText(parameters);
  return `${label === name ? '' : `${label}: `}${name}, ${size} (${source})`;
}

const UNITS: readonly (readonly [size: number, name: string])[] = [
  [1e9, 'billion'],
  [1e6, 'million'],
  [1e3, 'thousand'],
];

/** Two digits, or all before the point. */
function parametersText(parameters: number): string {
  const [size, unit] = UNITS.find(([size]) => parameters >= size) ?? [1, ''];
  const value = parameters / size;
  const digits = value < 10 && size > 1 ? 1 : 0;
  return `${value.toFixed(digits)} ${unit} parameters`.replace('  ', ' ');
}
