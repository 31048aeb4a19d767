/** What one source file is made of, by its syntax tree. */
import { readFileSync } from 'node:fs';
import { type Comment, type Program, parseSync, type Span, Visitor } from 'oxc-parser';

export interface MeasuredFunction {
  readonly name: string;
  /** From its first line to its last. */
  readonly lines: number;
  readonly parameters: number;
  /** Another file can import it. */
  readonly isExported: boolean;
  /** A doc comment ends right above it. */
  readonly isDocumented: boolean;
}

export interface MeasuredFile {
  readonly lines: number;
  /** Lines that are not empty. */
  readonly filledLines: number;
  /** Lines that hold comment and nothing else. */
  readonly commentLines: number;
  readonly functions: readonly MeasuredFunction[];
}

export function measureFile(path: string): MeasuredFile {
  const code = readFileSync(path, 'utf8');
  const { program, comments } = parseSync(path, code);
  const filledLines = countFilled(code);
  return {
    lines: code.split('\n').length - 1,
    filledLines,
    commentLines: filledLines - countFilled(withoutComments(code, comments)),
    functions: functionsOf(program, code, comments),
  };
}

function countFilled(code: string): number {
  return code.split('\n').filter((line) => line.trim() !== '').length;
}

/** With the line breaks of the comments. */
function withoutComments(code: string, comments: readonly Comment[]): string {
  let rest = '';
  let end = 0;
  for (const comment of comments) {
    rest += code.slice(end, comment.start) + code.slice(comment.start, comment.end).replace(/[^\n]/g, '');
    end = comment.end;
  }
  return rest + code.slice(end);
}

/** Declared functions, methods, accessors, constructors, and functions that a constant names. */
function functionsOf(program: Program, code: string, comments: readonly Comment[]): MeasuredFunction[] {
  const functions: MeasuredFunction[] = [];
  const docEnds = new Set(comments.filter(({ value }) => value.startsWith('*')).map(({ end }) => end));
  /** Start of a declaration → start of the `export` before it. */
  const exports = new Map<number, number>();
  const add = (name: string, { start, end }: Span, params: readonly unknown[], statement = start) => {
    const from = exports.get(statement) ?? statement;
    functions.push({
      name,
      lines: code.slice(start, end).split('\n').length,
      parameters: params.length,
      isExported: exports.has(statement),
      isDocumented: docEnds.has(code.slice(0, from).trimEnd().length),
    });
  };
  new Visitor({
    ExportNamedDeclaration: ({ start, declaration }) =>
      void (declaration && exports.set(declaration.start, start)),
    ExportDefaultDeclaration: ({ start, declaration }) => void exports.set(declaration.start, start),
    FunctionDeclaration: (node) => add(node.id?.name ?? '', node, node.params),
    MethodDefinition: (node) => add(code.slice(node.key.start, node.key.end), node, node.value.params),
    VariableDeclaration: ({ start, declarations }) => {
      for (const { id, init } of declarations) {
        const params = parametersOf(init);
        if (init && params) add(code.slice(id.start, id.end), init, params, start);
      }
    },
  }).visit(program);
  return functions;
}

/** Undefined where a variable is no function. */
function parametersOf(value: { readonly type: string; readonly params?: readonly unknown[] } | null) {
  const isFunction = value?.type === 'ArrowFunctionExpression' || value?.type === 'FunctionExpression';
  return isFunction ? value.params : undefined;
}
