/** A text before the first stop text in it. */
export function cutAtStop(text: string, stop: readonly string[]): string {
  const places = stop.map((one) => text.indexOf(one)).filter((place) => place >= 0);
  return places.length === 0 ? text : text.slice(0, Math.min(...places));
}
