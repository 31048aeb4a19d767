/** The same drawing with a title, which browsers show and screen readers read, its texts, and a size that follows its frame. */
export function withSvgTexts(svg, title, texts, size) {
    const entries = texts.map(([key, text]) => `\n\t\t<text key="${escaped(key)}">${escaped(text)}</text>`);
    const metadata = `\t<metadata xmlns="urn:sorted-eval:figure">${entries.join('')}\n\t</metadata>`;
    const frame = `viewBox="0 0 ${size.widthPx} ${size.heightPx}" role="img"`;
    return withOwnIds(svg).replace(/<svg([^>]*)>/, (_, attributes) => `<svg${attributes} ${frame}>\n\t<title>${escaped(title)}</title>\n${metadata}`);
}
/** The canvas numbers what it defines through the life of the process; a file counts from 1. */
function withOwnIds(svg) {
    const ids = new Map();
    for (const [, id, kind] of svg.matchAll(/ id="((\w+?)_\w+)"/g))
        ids.set(id, `${kind}-${ids.size + 1}`);
    return svg.replace(/( id="|url\(#|href="#)(\w+)/g, (whole, before, id) => {
        const own = ids.get(id);
        return own === undefined ? whole : `${before}${own}`;
    });
}
/** Titles hold names from sweep files: text, never markup. Control characters have no place in XML. */
function escaped(text) {
    return text
        .replace(/\p{Cc}/gu, ' ')
        .replaceAll('&', '&amp;')
        .replaceAll('<', '&lt;')
        .replaceAll('>', '&gt;')
        .replaceAll('"', '&quot;');
}
