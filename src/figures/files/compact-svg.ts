import svgpath from 'svgpath';

/** Decimals of a place, CSS pixels. */
const DECIMALS = 2;
/** A shorter shape is not worth a reference. */
const MIN_SHARED_LENGTH = 40;

/** A shape at the place of its first point. */
interface Shape {
  readonly x: number;
  readonly y: number;
  /** Path data from that point on; equal letters and markers have equal ones. */
  readonly path: string;
}

/**
 * The same drawing in a fraction of the bytes: what occurs more than once, letters above all, is defined once, and places are
 * relative. The canvas writes every letter and every marker as an outline of its own, with eight digits a number.
 */
export function compactSvg(svg: string): string {
  const shapes = new Map<string, Shape[]>();
  for (const [element, fill, path] of svg.matchAll(PATH))
    shapes.set(element, shapesOf(path!, fill !== 'none'));
  const ids = sharedIds([...svg.matchAll(PATH)].flatMap(([element]) => shapes.get(element)!));
  const compact = svg.replace(PATH, (element, fill: string, path: string) => {
    const attributes = element
      .slice('<path '.length, element.lastIndexOf(' d="'))
      .replace(/ ?stroke-miterlimit="10"/, '');
    return path === '' && fill !== undefined ? '' : drawn(shapes.get(element)!, attributes, ids);
  });
  const defined = [...ids].map(([path, id]) => `<path id="${id}" d="M0 0${path}"/>`).join('\n');
  return compact
    .replace(/\n\s*(?=\n)/g, '')
    .replace(
      /<svg([^>]*)>/,
      (_, given: string) => `<svg${given} stroke-miterlimit="10">\n<defs>\n${defined}\n</defs>`,
    );
}

const PATH = /<path fill="([^"]*)"[^>]* d="([^"]*)"\/>/g;

function sharedIds(shapes: readonly Shape[]): Map<string, string> {
  const counts = new Map<string, number>();
  for (const { path } of shapes) counts.set(path, (counts.get(path) ?? 0) + 1);
  const shared = [...counts].filter(([path, count]) => count > 1 && path.length >= MIN_SHARED_LENGTH);
  return new Map(shared.map(([path], index) => [path, `s${index + 1}`]));
}

function drawn(shapes: readonly Shape[], attributes: string, ids: ReadonlyMap<string, string>): string {
  const [own, used] = [
    shapes.filter(({ path }) => !ids.has(path)),
    shapes.filter(({ path }) => ids.has(path)),
  ];
  const uses = used.map(({ x, y, path }) => `xlink:href="#${ids.get(path)}" x="${x}" y="${y}"/>`);
  if (own.length === 0 && uses.length === 1) return `<use ${attributes} ${uses[0]}`;
  const data = own.map(({ x, y, path }) => `M${x} ${y}${path}`).join('');
  if (uses.length === 0) return `<path ${attributes} d="${data}"/>`;
  const rest = own.length === 0 ? '' : `<path d="${data}"/>`;
  return `<g ${attributes}>${uses.map((use) => `<use ${use}`).join('')}${rest}</g>`;
}

/** Parts of a path that can be filled one by one: a hole stays with what it is in. */
function shapesOf(path: string, isFilled: boolean): Shape[] {
  const parts = path.split(/(?=M)/).filter((part) => part !== '');
  return (isFilled ? touching(parts) : [path]).filter((part) => part !== '').map(shapeOf);
}

function shapeOf(path: string): Shape {
  const [x, y] = numbersOf(path);
  const place = [x, y].map((value) => Number(value!.toFixed(DECIMALS))) as [number, number];
  const data = svgpath(path).translate(-x!, -y!).rel().round(DECIMALS).toString();
  return { x: place[0], y: place[1], path: data.replace(/^M-?0 -?0/, '').replace(/(?<![\d.])0\./g, '.') };
}

/** Joins the parts whose boxes overlap. */
function touching(parts: readonly string[]): string[] {
  const groups: { box: Box; path: string }[] = [];
  for (const path of parts) {
    const box = boxOf(path);
    const met = groups.filter((group) => overlap(group.box, box));
    const first = met[0];
    if (first === undefined) {
      groups.push({ box, path });
      continue;
    }
    first.box = met.reduce((sum, group) => joined(sum, group.box), box);
    first.path = [...met.map((group) => group.path), path].join('');
    for (const other of met.slice(1)) groups.splice(groups.indexOf(other), 1);
  }
  return groups.map(({ path }) => path);
}

type Box = readonly [left: number, top: number, right: number, bottom: number];

/** Of all points, those of control too. */
function boxOf(path: string): Box {
  const numbers = numbersOf(path);
  const [xs, ys] = [0, 1].map((axis) => numbers.filter((_, index) => index % 2 === axis)) as [
    number[],
    number[],
  ];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

const overlap = (one: Box, other: Box) =>
  one[0] <= other[2] && other[0] <= one[2] && one[1] <= other[3] && other[1] <= one[3];

const joined = (one: Box, other: Box): Box => [
  Math.min(one[0], other[0]),
  Math.min(one[1], other[1]),
  Math.max(one[2], other[2]),
  Math.max(one[3], other[3]),
];

function numbersOf(path: string): number[] {
  return [...path.matchAll(/-?\d+(?:\.\d+)?(?:e-?\d+)?/g)].map(([number]) => Number(number));
}
