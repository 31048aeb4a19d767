/** Messages between the page and its worker. */
import type { PageQuery } from '../queries/page-queries.ts';

/** The file that is shown, and the one that it is compared with. */
export type Slot = 'first' | 'second';

export type Request =
  | { readonly kind: 'load'; readonly wasm: Uint8Array<ArrayBuffer> }
  | {
      readonly kind: 'open';
      readonly slot: Slot;
      readonly name: string;
      readonly image: Uint8Array<ArrayBuffer>;
    }
  | { readonly kind: 'query'; readonly slot: Slot; readonly query: PageQuery };

export type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly problem: string };
