/** The only file that touches Jinja. It runs in a process of its own: a template is a program of somebody else's. */
import { Environment, Interpreter, Template } from '@huggingface/jinja';

/** A template and what it may name. */
export interface ChatCall {
  readonly source: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Characters: more than any context holds. */
const MAX_TEXT = 20_000_000;
/** Conversations have few turns; a template must not count for hours. */
const MAX_RANGE = 10_000;

/** @throws Error for a template that cannot be read or rendered, or refuses the conversation */
export function renderJinja({ source, variables }: ChatCall): string {
  const { parsed } = parse(source);
  const environment = new Environment();
  // `Template.render` itself would define `strftime_now`.
  for (const [name, value] of Object.entries({ ...GLOBALS, ...variables })) environment.set(name, value);
  const text = String(new Interpreter(environment).run(parsed).value);
  if (text.length > MAX_TEXT) throw new Error(`a prompt of ${text.length} characters`);
  return text;
}

let last: { readonly source: string; readonly template: Template } | undefined;

/** Most calls are for the template of the call before. */
function parse(source: string): Template {
  if (last?.source !== source) last = { source, template: new Template(source) };
  return last.template;
}

const GLOBALS = {
  ...{ true: true, false: false, none: null, True: true, False: false, None: null },
  range: numbersUpTo,
  raise_exception: (message: unknown) => {
    throw new Error(String(message));
  },
};

function numbersUpTo(first: number, end?: number, step = 1): number[] {
  const [from, to] = end === undefined ? [0, first] : [first, end];
  const length = Math.max(0, Math.ceil((to - from) / step));
  if (length > MAX_RANGE) throw new Error(`range() of more than ${MAX_RANGE} numbers`);
  return Array.from({ length }, (_, index) => from + index * step);
}
