/**
 * Makes an image of a database one that can be opened in memory, where there is no WAL: bytes 18 and 19 of
 * the header are 2 in WAL mode, 1 with a rollback journal. Changes `image` itself.
 * @param image a whole database file
 */
export function withoutWalMode<Image extends Uint8Array>(image: Image): Image {
  image[18] = 1;
  image[19] = 1;
  return image;
}
