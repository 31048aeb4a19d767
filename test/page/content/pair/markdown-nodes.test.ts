import { describe, expect, it } from 'vitest';
import {
  hasMarkdown,
  MARKDOWN_TAGS,
  MAX_MARKDOWN_LENGTH,
  type MarkdownNode,
  markdownNodes,
} from '../../../../src/page/content/pair/markdown-nodes.ts';

/** `p("a" strong("b"))` */
function shown(node: MarkdownNode): string {
  return typeof node === 'string'
    ? JSON.stringify(node)
    : `${node.tag}(${node.children.map(shown).join(' ')})`;
}

const drawn = (text: string) => markdownNodes(text)?.map(shown).join(' ');

describe('Markdown', () => {
  it.each([
    ['emphasis', '**b** *i* ~~d~~ `c`', 'p(strong("b") " " em("i") " " del("d") " " code("c"))'],
    ['code in its fence', '```js\na < b\n```', 'pre(code("a < b"))'],
    ['headings below those of the page', '# T\n###### U', 'h3("T") h6("U")'],
    ['lists', '- a\n- [x] b\n\n1. c', 'ul(li("a") li("☑ " "b")) ol(li("c"))'],
    ['numbers that do not begin with 1', '3. c\n4. d', 'ul(li("3. " "c") li("4. " "d"))'],
    ['tables', '| a |\n|---|\n| 1 |', 'table(thead(tr(th("a"))) tbody(tr(td("1"))))'],
    ['quotes and breaks', '> q\n\na  \nb', 'blockquote(p("q")) p("a" br() "b")'],
  ])('draws %s', (_what, text, expected) => {
    expect(drawn(text)).toBe(expected);
  });

  it.each([
    ['a script', '<script>alert(1)</script>', 'p("<script>alert(1)</script>")'],
    ['a picture', '![x](http://a/b.png)', 'p("![x](http://a/b.png)")'],
    ['a link', '[x](javascript:alert(1))', 'p("[x](javascript:alert(1))")'],
    ['an address', 'http://a.b', 'p("http://a.b")'],
    ['an event', 'a <img src=x onerror=alert(1)>', 'p("a " "<img src=x onerror=alert(1)>")'],
    ['what an address stands for', '[r]: http://a\n\n[r]', 'p("[r]: http://a") p("[r]")'],
    ['entities', '&lt;b&gt;', 'p("&lt;b&gt;")'],
  ])('leaves %s the text that it is', (_what, text, expected) => {
    expect(drawn(text)?.replaceAll('\\n', '')).toBe(expected);
  });

  it('makes elements of its list alone', () => {
    const tagsOf = (node: MarkdownNode): string[] =>
      typeof node === 'string' ? [] : [node.tag, ...node.children.flatMap(tagsOf)];
    const text = '# a\n<iframe src=x></iframe>\n\n<style>*{}</style>\n\n- **b** <a href=x>c</a>';
    expect(MARKDOWN_TAGS).toEqual(expect.arrayContaining(markdownNodes(text)!.flatMap(tagsOf)));
  });

  it.each([
    ['quotes in quotes', '>'.repeat(20_000)],
    ['lists in lists', Array.from({ length: 150 }, (_, depth) => `${' '.repeat(depth)}- a`).join('\n')],
    ['brackets', '![['.repeat(6000)],
    ['stars', '**a '.repeat(5000)],
    ['open comments', '<!--'.repeat(5000)],
    ['open addresses', '<http://'.repeat(2500)],
    ['fences', '```\n~~~\n'.repeat(2500)],
    ['a megabyte', 'a'.repeat(MAX_MARKDOWN_LENGTH + 1)],
  ])('ends soon, and not in an error, for %s', (_what, text) => {
    const startMs = performance.now();
    markdownNodes(text);
    expect(performance.now() - startMs).toBeLessThan(2000);
  });

  it('gives up what is too long or too deep', () => {
    expect(markdownNodes('a'.repeat(MAX_MARKDOWN_LENGTH + 1))).toBeUndefined();
    expect(markdownNodes('> '.repeat(100))).toBeUndefined();
  });

  it('is recognized by what would look otherwise', () => {
    for (const text of ['# a', '- a', '1. a', '```\na', '> a', 'a **b**', 'a `b`', '| a | b |'])
      expect(hasMarkdown(text), text).toBe(true);
    for (const text of ['', 'Paris', '3 * 4 = 12', '-3', '1.5', 'a_b_c', 'a # b', "it's `"])
      expect(hasMarkdown(text), text).toBe(false);
  });
});
