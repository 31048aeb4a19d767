/** Data that lies in the page itself: gzip in base64, each in a block that no browser runs. */

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
  const characters = atob(text);
  const bytes = new Uint8Array(characters.length);
  for (let index = 0; index < characters.length; index++) bytes[index] = characters.charCodeAt(index);
  return bytes;
}

async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
