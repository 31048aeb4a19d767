/** Markdown as a tree of what is drawn. Nothing of it is markup: HTML, addresses and pictures stay the text that they are. */
import { lexer, type Token, type Tokens } from 'marked';

export const MARKDOWN_TAGS = [
  ...[
    'p',
    'h3',
    'h4',
    'h5',
    'h6',
    'pre',
    'code',
    'blockquote',
    'ul',
    'ol',
    'li',
    'hr',
    'br',
    'strong',
    'em',
    'del',
  ],
  ...['table', 'thead', 'tbody', 'tr', 'th', 'td'],
] as const;

/** A text, or an element without attributes. */
export type MarkdownNode =
  | string
  | { readonly tag: (typeof MARKDOWN_TAGS)[number]; readonly children: readonly MarkdownNode[] };

/** Beyond this it takes long, and nobody reads it formatted. */
export const MAX_MARKDOWN_LENGTH = 20_000;
/** Beyond this nobody sees which is in which, and a browser has a stack of its own. */
const MAX_DEPTH = 40;

/** `undefined` where the text is too long or too deep: it is shown as it is. */
export function markdownNodes(text: string): readonly MarkdownNode[] | undefined {
  if (text.length > MAX_MARKDOWN_LENGTH || deepest(text) > MAX_DEPTH) return undefined;
  return blocksOf(lexer(text, { gfm: true }));
}

/** Whether formatting would change what is seen: code, lists, headings, tables, emphasis, quotes. */
export function hasMarkdown(text: string): boolean {
  return MARKS.test(text.slice(0, MAX_MARKDOWN_LENGTH));
}

const MARKS = /^ {0,3}(?:```|~~~|#{1,6} |>|[-*+] |\d{1,9}[.)] |\|.*\|)|\*\*\S|`[^`\n]+`/m;

/** The most marks of nesting in one line, and the deepest indentation: more than any nesting that comes of them. */
function deepest(text: string): number {
  const depths = text.split('\n').map((line) => {
    const [start = ''] = /^[\s>*+\-\d.)]*/.exec(line) ?? [];
    const brackets = line.match(/[*_~[(]/g)?.length ?? 0;
    return Math.max(start.replaceAll(/\s+/g, '').length, start.length / 2, brackets / 8);
  });
  return Math.max(...depths);
}

function blocksOf(tokens: readonly Token[]): MarkdownNode[] {
  return tokens.flatMap((token) => blockOf(token as Tokens.Generic));
}

function blockOf(token: Tokens.Generic): readonly MarkdownNode[] {
  switch (token.type) {
    case 'space':
      return [];
    case 'paragraph':
      return [element('p', inlineOf(token))];
    case 'heading':
      return [element(HEADINGS[Math.min(token['depth'], HEADINGS.length) - 1]!, inlineOf(token))];
    case 'code':
      return [element('pre', [element('code', [String(token['text'])])])];
    case 'blockquote':
      return [element('blockquote', blocksOf(token.tokens ?? []))];
    case 'list':
      return [listOf(token as Tokens.List)];
    case 'table':
      return [tableOf(token as Tokens.Table)];
    case 'hr':
      return [element('hr', [])];
    case 'text':
      return token.tokens === undefined ? [String(token['text'])] : inlineOf(token);
    // HTML, and what addresses stand for: as they were written.
    default:
      return [element('p', [token.raw])];
  }
}

/** The page itself has the first two. */
const HEADINGS = ['h3', 'h4', 'h5', 'h6'] as const;

function listOf({ ordered, start, items }: Tokens.List): MarkdownNode {
  const isCounted = ordered && start === 1;
  const children = items.map((item, index) => {
    // An element without attributes counts from 1: other numbers are written.
    const number = ordered && !isCounted ? [`${Number(start) + index}. `] : [];
    const box = item.task ? [item.checked ? '☑ ' : '☐ '] : [];
    return element('li', [
      ...number,
      ...box,
      ...blocksOf(item.tokens.filter(({ type }) => type !== 'checkbox')),
    ]);
  });
  return element(isCounted ? 'ol' : 'ul', children);
}

function tableOf({ header, rows }: Tokens.Table): MarkdownNode {
  const rowOf = (tag: 'th' | 'td', cells: readonly Tokens.TableCell[]) =>
    element(
      'tr',
      cells.map((cell) => element(tag, inlineOf(cell))),
    );
  return element('table', [
    element('thead', [rowOf('th', header)]),
    element(
      'tbody',
      rows.map((cells) => rowOf('td', cells)),
    ),
  ]);
}

function inlineOf({ tokens }: { readonly tokens?: readonly Token[] }): MarkdownNode[] {
  return (tokens ?? []).flatMap((token) => inlineNode(token as Tokens.Generic));
}

function inlineNode(token: Tokens.Generic): readonly MarkdownNode[] {
  switch (token.type) {
    case 'strong':
    case 'em':
    case 'del':
      return [element(token.type, inlineOf(token))];
    case 'codespan':
      return [element('code', [String(token['text'])])];
    case 'br':
      return [element('br', [])];
    case 'escape':
      return [String(token['text'])];
    case 'text':
      return token.tokens === undefined ? [String(token['text'])] : inlineOf(token);
    // Links and pictures with their addresses, and HTML: as they were written.
    default:
      return [token.raw];
  }
}

function element(tag: (typeof MARKDOWN_TAGS)[number], children: readonly MarkdownNode[]): MarkdownNode {
  return { tag, children };
}
