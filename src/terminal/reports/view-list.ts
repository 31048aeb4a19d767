/** What `query` prints when no view is named. */

import { labelledText } from '../terminal-layout.ts';

export interface ListedView {
  readonly name: string;
  readonly description: string;
  readonly columns: readonly string[];
  /** How it prints, where that is not a table. */
  readonly matrix?: unknown;
}

const INDENT = 2;
const MATRIX = 'Prints as a matrix; with --columns as rows.';

/** Each view with its sentence and its columns, no line longer than `width`. */
export function viewListText(views: readonly ListedView[], width = 80): string {
  return views
    .map(({ name, description, columns, matrix }) => {
      const sentence = matrix ? `${description} ${MATRIX}` : description;
      const lines = [sentence, columns.join(', ')].map((text) => labelledText('', text, INDENT, width));
      return [name, ...lines].join('\n');
    })
    .join('\n\n')
    .concat('\n');
}
