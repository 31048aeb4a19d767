import type { JsonValue } from '../../core/json.ts';

/** Settings that change what a completer writes; part of the key of everything it writes. */
export type CompleterDecoding = { readonly [key: string]: JsonValue };

/**
 * How a model folder writes a judge's text: `beams` is PandaLM's own way; `greedy` takes the most likely
 * token; `verdict-only` does too and stops after the first line.
 */
export type LocalDecoding = 'beams' | 'greedy' | 'verdict-only';

/** Where texts come from and with which settings, for a protocol that compares them with its authors'. */
export type CompleterSettings =
  | {
      readonly source: 'folder';
      readonly decoding: LocalDecoding;
      /** With `beams` only. */
      readonly beams: {
        readonly numBeams: number;
        readonly repetitionPenalty: number;
        readonly rule: string;
      };
      readonly maxNewTokens: number;
    }
  | {
      readonly source: 'endpoint';
      readonly api: 'completions' | 'chat';
      readonly maxNewTokens: number;
      readonly extraBody?: CompleterDecoding | undefined;
    }
  | { readonly source: 'recorded' }
  /** A completer of the library's user, which lists its own deviations. */
  | { readonly source: 'other'; readonly deviations: readonly string[] };
