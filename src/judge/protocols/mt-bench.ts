import type { SlotVerdict } from '../../core/domain.ts';
import { strip } from '../../core/text/strip.ts';
import type { CompleterSettings } from './completer-settings.ts';
import type { JudgeProtocol, JudgeText } from './judge-protocol.ts';
import { mtBenchPrompt } from './mt-bench-prompt.ts';

/**
 * FastChat's `gen_judgment.py`: temperature 0, at most 2048 tokens, the system prompt as a message of its
 * own.
 */
const UPSTREAM_TOKENS = 2048;

/** MT-Bench: an explanation first, then `[[A]]`, `[[B]]` or, for a tie, `[[C]]`. */
export const mtBench: JudgeProtocol = {
  name: 'mt-bench',
  title: 'MT-Bench',
  version: 1,
  defaults: { decoding: 'greedy', maxNewTokens: UPSTREAM_TOKENS },
  verdictPlace: 'anywhere',
  tieText: '[[C]]',
  prompt: mtBenchPrompt,
  parse,
  deviations,
};

const VERDICTS: Readonly<Record<string, SlotVerdict>> = { '[[A]]': '1', '[[B]]': '2', '[[C]]': 'tie' };

/**
 * The verdict that the text holds; the rest is its reason. A text with several different verdicts is
 * malformed, where FastChat takes the first letter of them.
 */
function parse(text: string): JudgeText {
  const found = [...new Set(text.match(/\[\[[ABC]\]\]/g))];
  const slotVerdict = found.length === 1 ? VERDICTS[found[0]!]! : 'malformed';
  const reason = withoutLastVerdict(strip(text));
  return { slotVerdict, ...(reason === '' ? {} : { reason }) };
}

function withoutLastVerdict(text: string): string {
  const verdict = Object.keys(VERDICTS).find((word) => text.endsWith(word));
  return verdict === undefined ? text : strip(text.slice(0, -verdict.length));
}

function deviations(settings: CompleterSettings): string[] {
  if (settings.source === 'recorded') return ['verdicts from a file: how they were decoded is not known'];
  if (settings.source === 'other') return [...settings.deviations];
  const { maxNewTokens } = settings;
  return [
    'system prompt and question in one text',
    ...decodingDeviations(settings),
    ...(maxNewTokens === UPSTREAM_TOKENS
      ? []
      : [`at most ${maxNewTokens} new tokens, not ${UPSTREAM_TOKENS}`]),
  ];
}

function decodingDeviations(
  settings: Extract<CompleterSettings, { source: 'folder' | 'endpoint' }>,
): string[] {
  if (settings.source === 'endpoint') {
    const { api, extraBody } = settings;
    return [
      ...(api === 'chat' ? [] : ["continued as plain text, without a chat's template"]),
      ...(extraBody ? [`decoded with ${JSON.stringify(extraBody)}`] : []),
    ];
  }
  const { numBeams, repetitionPenalty } = settings.beams;
  return [
    "continued as plain text, without a chat's template",
    ...(settings.decoding === 'beams'
      ? [`${numBeams} beams with repetition penalty ${repetitionPenalty} instead of greedy decoding`]
      : []),
  ];
}
