/** How a judge writes whose every token is known: of a model folder, or of a server of all exits. */

import { z } from 'zod';
import type { LocalDecoding } from '../../judge/protocols/completer-settings.ts';
import { type ProtocolName, protocolNamed } from '../../judge/protocols/protocols.ts';

export const judgeDecoding = z
  .enum(['beams', 'greedy', 'verdict-only'])
  .optional()
  .describe(
    'How the judge writes: `beams` (4 beams, repetition penalty 1.2: PandaLM’s own way), `greedy`, or `verdict-only` (greedy, stopped after the first line; with `pandalm` only). Default: the protocol’s own, `beams` with `pandalm`, `greedy` with `mt-bench`. Anything else is recorded as a deviation.',
  );

interface JudgeDecoding {
  readonly protocol: ProtocolName;
  readonly decoding?: LocalDecoding | undefined;
  readonly maxNewTokens?: number | undefined;
}

/** For `refine`. */
export const readsVerdict: [(judge: JudgeDecoding) => boolean, { error: string; path: string[] }] = [
  ({ protocol, decoding }) =>
    decoding !== 'verdict-only' || protocolNamed(protocol).verdictPlace === 'first-line',
  { error: 'greedy or beams: the verdict of this protocol is not in the first line', path: ['decoding'] },
];

export function withProtocolDefaults<Judge extends JudgeDecoding>(judge: Judge) {
  const { defaults } = protocolNamed(judge.protocol);
  const { decoding = defaults.decoding, maxNewTokens = defaults.maxNewTokens } = judge;
  return { ...judge, decoding, maxNewTokens };
}
