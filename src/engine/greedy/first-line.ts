/** Whether a text has a line break after anything else; white space before that ends no line. */
export function isFirstLineOver(text: string): boolean {
  return text.trimStart().includes('\n');
}
