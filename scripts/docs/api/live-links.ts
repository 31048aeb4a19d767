/** TypeDoc numbers repeated headings in its own way: a link that GitHub would not find goes to the first of its name, or is text. */
export function withLiveLinks(page: string): string {
  const anchors = anchorsOf(page);
  return page.replaceAll(/\[([^\]]+)\]\(#([^)]+)\)/g, (link, text: string, anchor: string) => {
    if (anchors.has(anchor)) return link;
    const first = anchor.replace(/-\d+$/, '');
    return anchors.has(first) ? `[${text}](#${first})` : text;
  });
}

/** Headings as GitHub names them. */
function anchorsOf(page: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of page.replace(/^```.*?^```/gms, '').matchAll(/^#+ (.+)$/gm)) {
    const base = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-');
    let anchor = base;
    for (let repeat = 1; anchors.has(anchor); repeat++) anchor = `${base}-${repeat}`;
    anchors.add(anchor);
  }
  return anchors;
}
