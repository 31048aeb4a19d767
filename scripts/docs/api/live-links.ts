import { anchorsOf } from '../markdown.ts';

/** TypeDoc numbers repeated headings in its own way: a link that GitHub would not find goes to the first of its name, or is text. */
export function withLiveLinks(page: string): string {
  const anchors = anchorsOf(page);
  return page.replaceAll(/\[([^\]]+)\]\(#([^)]+)\)/g, (link, text: string, anchor: string) => {
    if (anchors.has(anchor)) return link;
    const first = anchor.replace(/-\d+$/, '');
    return anchors.has(first) ? `[${text}](#${first})` : text;
  });
}
