import { DEFAULT_MARGIN } from '../../core/domain.ts';
import { MIN_MEASURED_CHARACTERS, REPETITION } from '../../metrics/degeneration.ts';

const UNSIZED = 'not known: a server or a file gives no weights';
const TOO_SHORT = `fewer than ${MIN_MEASURED_CHARACTERS} characters`;

/** What columns mean that occur in several tables or views, with their units. A pair adds what NULL means. */
export const MEANING = {
  run: 'name of the run',
  instruction_id:
    'first 16 hex digits of sha256 of instruction, NUL, input; with a system text: see instruction-files.md',
  instruction: 'text of the instruction',
  input: "input of the instruction; '': none",
  system: ["system text of the instruction's own", 'it has none'],
  category: ['family of tasks', 'the set names none'],
  metadata: ['JSON: other labels of the record, by their keys', 'it has none'],
  answer: ['the known answer', 'the instruction set brings none'],
  set_position: 'place in the instruction set, from 0',
  output_position: 'output position in the response, from 0',
  tool_version: 'version of sorted-eval that wrote the run',
  started_at: 'ISO 8601, UTC',
  finished_at: ['ISO 8601, UTC', 'not finished'],

  model: 'name of the model in the sweep file',
  exit: 'number of layers used: the sub-model has layers 1 … exit',
  sub_model_key: 'content key of the sub-model: weights, exit, head, tokenizer, precision',
  kind: 'how the model was trained: sft, soft, early-exit; plain: not said',
  layers: 'number of layers of the whole model',
  precision: "precision of the weights: fp32, int8, int4; unknown for a server's model",
  body_parameters: ['parameters of all layers and the final norm', UNSIZED],
  embedding_parameters: ['parameters of the token embedding', UNSIZED],
  head_parameters: ['parameters of the head; 0: shared with the embedding', UNSIZED],
  extra_head_parameters: ["parameters of the early exits' own heads; 0: none", UNSIZED],
  weight_bytes: ['bytes of all weights as stored, extra heads included', UNSIZED],
  extra_head_bytes: ["bytes of the early exits' own heads; 0: none", UNSIZED],

  prompt_sha256: "sha256 of the prompt's text as UTF-8",
  decoding_json: 'JSON: the decoding settings',
  state:
    'what became of the prompt: answered, prompt_too_long, no_content, refused, cut_in_reasoning (thoughts that do not end)',
  response_text: ['the response, decoded without special tokens', 'there is none: see state'],
  raw_response: [
    'what came, where it is not just text: with thoughts and prompt before `strip` took them out; a refusal, thoughts, or the words of a server',
    'nothing else came',
  ],
  stop_reason: ['why the text ends: eos, token-limit, context-end, stop-text', 'not known'],
  finish_reason: ['how it ended in the words of the server', 'it said nothing, or there is no server'],
  prompt_tokens: ['tokens of the prompt', 'not known'],
  generated_tokens: ['tokens generated, the end-of-sequence token included', 'not known'],
  duration_ms: ['wall time in ms; other rows of the batch share it', 'not known'],
  thought_characters: [
    'characters of thoughts before the response, in <think> … </think> or apart from it; 0: none',
    'not looked for: an older version stored it',
  ],
  echo_characters: [
    'characters of the prompt that the response begins with; 0: none',
    'not looked for: an older version stored it',
  ],
  batch_size: 'rows decoded together',
  token_exits: [
    'JSON array: the exit that each token left at',
    'speculative decoding: every token is of the deepest exit',
  ],
  token_ends: [
    'JSON array: where each token ends in the text, in UTF-16 units',
    'not stored: by an earlier version, or of a text from which something was taken',
  ],
  drafted: ['tokens that an exit drafted', 'nothing is drafted there'],
  accepted: ['those of them that full depth would have chosen, too', 'nothing is drafted there'],

  comparison: 'name of the comparison',
  model_a: 'name of model a',
  model_b: 'name of model b',
  exit_a: 'exit of model a, in layers',
  exit_b: 'exit of model b, in layers',
  ord: 'ab: the response of model a stood in slot 1; ba: in slot 2',
  slot_verdict: "what the judge's text says about the slots: 1, 2, tie, malformed",
  raw_text: ['what the judge wrote, prompt not included', 'nothing'],
  parser_version: 'version of the parser that read the verdict',
  judge: "label of the judge: a model's name or what the sweep file calls it",
  judge_deviations: ["how the judge's settings differ from PandaLM's, with '; ' between them", 'they do not'],
  judge_model: [
    'the model that judged, as its folder, server or file calls it',
    'not stored by the version that judged',
  ],
  judge_parameters: [
    'parameters of that model: body, embedding and head',
    'not known: behind a server, in a file, or not stored',
  ],
  judge_source: ['where that model is from, in words', 'not stored by the version that judged'],
  judge_key: 'content key of the judge: model files, tokenizer, precision, or server',

  policy:
    'how two orders become one count: average, conflict-is-tie, pandalm-author, both-agree, pooled; see metrics.md for rules and sources',
  malformed_rule: 'what a malformed verdict counts as: tie, or dropped (a class of its own)',
  wins: 'for model a: pairs (halves occur under average), or verdicts under pooled',
  losses: 'for model b, likewise',
  ties: 'for neither, likewise',
  malformed: 'unreadable, likewise',
  total: 'wins + losses + ties + malformed: instructions, or verdicts under pooled',
  score: '(wins − losses) / total, in [−1, 1]; positive: model a is preferred',
  ci_low: ['lower bound of the 95 % bootstrap interval of the score', 'not computed'],
  ci_high: ['upper bound of the 95 % bootstrap interval of the score', 'not computed'],
  p_value: ['exact two-sided sign test, in [0, 1]', 'not computed'],
  p_holm: ["the same after Holm's correction over the cells of the matrix", 'not computed'],

  agreement_rule: 'what a malformed verdict counts as: tie, wrong or dropped',
  labels: "name of the labels' file",
  labelled_pairs: 'labelled pairs counted',
  margin: [
    `by how much an exit may be worse than a model at full depth and still count as not worse; default: ${DEFAULT_MARGIN}`,
    'the default',
  ],

  accuracy: 'share of pairs in which the judge agrees with the label, in [0, 1]',
  accuracy_low: 'lower bound of its 95 % bootstrap interval',
  accuracy_high: 'upper bound of its 95 % bootstrap interval',
  macro_f1: 'mean F1 of the labels, in [0, 1]',
  kappa: ["Cohen's κ, in [−1, 1]", 'chance alone agrees always'],

  curve: 'name of the KL curve',
  reference_model: 'model of the KL reference',
  reference_exit: 'exit of the KL reference, in layers',

  characters: 'code points without the white space at the ends; 0: empty',
  repetition: [
    `share of runs of ${REPETITION.run} characters that stand once more in the ${REPETITION.reach} characters before, in [0, 1]`,
    TOO_SHORT,
  ],
  compression: ['bytes after DEFLATE by bytes of UTF-8 before', TOO_SHORT],
  scorer_model: 'model of the scorer',
  scorer_exit: 'exit of the scorer, in layers',

  check_name: 'name of the check',
  passed: '1: passed, 0: failed',
  badge: '1: only shown, it does not decide the exit code; 0: it does',
  detail: 'what was found, in words',
} as const;
