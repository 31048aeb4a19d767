/** Data inside the page itself: gzip in base64, in blocks that no browser runs. */

/** `undefined` where the page has no such block. */
export async function readEmbedded(id: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const block = document.getElementById(id);
  const text = block?.textContent?.trim();
  if (!text) return undefined;
  const bytes = await gunzip(fromBase64(text));
  // A page of many megabytes need not keep them twice.
  block!.textContent = '';
  return bytes;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  // Newer browsers have it built in, an order of magnitude faster; TypeScript has no types for it yet.
  const { fromBase64: decode } = Uint8Array as unknown as {
    fromBase64?: (text: string) => Uint8Array<ArrayBuffer>;
  };
  if (decode !== undefined) return decode.call(Uint8Array, text);
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
