import { compactSvg } from './compact-svg.ts';
import { escaped } from './xml-text.ts';

const CSS_DPI = 96;
const MM_PER_INCH = 25.4;

/** The same drawing with a title, which browsers show and screen readers read, its texts, and a size that follows its frame. */
export function withSvgTexts(
  svg: string,
  title: string,
  texts: readonly [key: string, text: string][],
  size: { readonly widthPx: number; readonly heightPx: number; readonly scale: number },
): string {
  const entries = texts.map(([key, text]) => `\n\t\t<text key="${escaped(key)}">${escaped(text)}</text>`);
  const metadata = `\t<metadata xmlns="urn:sorted-eval:figure">${entries.join('')}\n\t</metadata>`;
  const frame = `${naturalSize(size)} viewBox="0 0 ${size.widthPx} ${size.heightPx}" role="img"`;
  return withOwnIds(compactSvg(svg)).replace(
    /<svg([^>]*) width="[^"]*" height="[^"]*"([^>]*)>/,
    (_, before: string, after: string) =>
      `<svg${before}${after} ${frame}>\n\t<title>${escaped(title)}</title>\n${metadata}`,
  );
}

/** Paper is measured in millimeters. */
function naturalSize({ widthPx, heightPx, scale }: Parameters<typeof withSvgTexts>[3]): string {
  if (scale === 1) return `width="${widthPx}" height="${heightPx}"`;
  const mm = (px: number) => `${((px * scale * MM_PER_INCH) / CSS_DPI).toFixed(2)}mm`;
  return `width="${mm(widthPx)}" height="${mm(heightPx)}"`;
}

/** The canvas numbers what it defines through the life of the process; a file counts from 1. */
function withOwnIds(svg: string): string {
  const ids = new Map<string, string>();
  for (const [, id, kind] of svg.matchAll(/ id="((\w+?)_\w+)"/g)) ids.set(id!, `${kind}-${ids.size + 1}`);
  return svg.replace(/( id="|url\(#|href="#)(\w+)/g, (whole, before: string, id: string) => {
    const own = ids.get(id);
    return own === undefined ? whole : `${before}${own}`;
  });
}
