/**
 * Content tables: what was computed, keyed by a content key, shared by all runs, never changed
 * by a run. Durations are wall time.
 */
import { AGREEMENT_RULES, RESPONSE_STATES, SLOT_VERDICTS, STOP_REASONS } from '../../core/domain.ts';
import { MEANING } from './column-meanings.ts';
import { sqlList } from './sql-list.ts';
import { table } from './table-type.ts';

const STATE = `TEXT NOT NULL CHECK (state IN ${sqlList(RESPONSE_STATES)})` as const;
const DECODING = ['TEXT NOT NULL CHECK (json_valid(decoding_json))', MEANING.decoding_json] as const;
/** How the writing of a text went, a model's or a judge's. */
const OF_A_TEXT = {
  stop_reason: [`TEXT CHECK (stop_reason IN ${sqlList(STOP_REASONS)})`, ...MEANING.stop_reason],
  finish_reason: ['TEXT', ...MEANING.finish_reason],
  prompt_tokens: ['INTEGER CHECK (prompt_tokens >= 0)', ...MEANING.prompt_tokens],
  generated_tokens: ['INTEGER CHECK (generated_tokens >= 0)', ...MEANING.generated_tokens],
  duration_ms: ['REAL CHECK (duration_ms >= 0)', ...MEANING.duration_ms],
  thought_characters: ['INTEGER CHECK (thought_characters >= 0)', ...MEANING.thought_characters],
  echo_characters: ['INTEGER CHECK (echo_characters >= 0)', ...MEANING.echo_characters],
} as const;

export const INSTRUCTION_1 = table({
  name: 'instruction',
  description: 'Texts of instructions, shared by all runs.',
  columns: {
    instruction_id: ['TEXT PRIMARY KEY', MEANING.instruction_id],
    instruction: ['TEXT NOT NULL', MEANING.instruction],
    input: ['TEXT NOT NULL', MEANING.input],
  },
  options: 'STRICT',
});

export const GENERATION = table({
  name: 'generation',
  description: 'What a sub-model wrote to a prompt, or why there is no answer.',
  columns: {
    response_key: [
      'TEXT PRIMARY KEY',
      'content key of the response: sub-model, prompt and decoding settings',
    ],
    sub_model_key: ['TEXT NOT NULL', MEANING.sub_model_key],
    prompt_sha256: ['TEXT NOT NULL', MEANING.prompt_sha256],
    decoding_json: [
      'TEXT NOT NULL CHECK (json_valid(decoding_json))',
      `${MEANING.decoding_json}; cutCharacters: how much of the end of the input the model's context did not hold`,
    ],
    state: [STATE, MEANING.state],
    text: ['TEXT', ...MEANING.response_text],
    raw_text: ['TEXT', ...MEANING.raw_response],
    token_ids: [
      "TEXT CHECK (json_type(token_ids) = 'array')",
      'JSON array of the generated token ids, the end-of-sequence id included where it was reached',
      'not known: the response comes from a server or a file',
    ],
    ...OF_A_TEXT,
  },
  constraints: ["CHECK ((state = 'answered') = (text IS NOT NULL))"],
  options: 'STRICT',
});

export const JUDGEMENT = table({
  name: 'judgement',
  description: 'What a judge wrote to a prompt.',
  columns: {
    judgement_key: ['TEXT PRIMARY KEY', 'content key of the judgement: judge, prompt and decoding settings'],
    judge_key: ['TEXT NOT NULL', MEANING.judge_key],
    prompt_sha256: ['TEXT NOT NULL', MEANING.prompt_sha256],
    decoding_json: [
      'TEXT NOT NULL CHECK (json_valid(decoding_json))',
      `${MEANING.decoding_json}; cutTokens or cutCharacters: how much of the responses the judge's context did not hold`,
    ],
    state: [STATE, `${MEANING.state}; without an answer the verdict is malformed`],
    raw_text: ['TEXT', ...MEANING.raw_text],
    parsed_text: [
      'TEXT',
      'what the verdict was read from, without the thoughts and the prompt that `strip` takes out',
      'raw_text, or nothing',
    ],
    slot_verdict: [`TEXT NOT NULL CHECK (slot_verdict IN ${sqlList(SLOT_VERDICTS)})`, MEANING.slot_verdict],
    parser_version: ['INTEGER NOT NULL CHECK (parser_version > 0)', MEANING.parser_version],
    ...OF_A_TEXT,
  },
  constraints: ["CHECK (state <> 'answered' OR raw_text IS NOT NULL)"],
  options: 'STRICT',
});

export const KL = table({
  name: 'kl',
  description: 'One KL measurement: a sub-model and its reference model along one response.',
  comment:
    'KL between two sub-models along the answer of response_key. settings_json: direction, path, what else was chosen.',
  columns: {
    kl_key: ['TEXT PRIMARY KEY', 'content key of the measurement'],
    sub_model_key: ['TEXT NOT NULL', MEANING.sub_model_key],
    reference_key: ['TEXT NOT NULL', 'content key of the reference sub-model'],
    response_key: ['TEXT NOT NULL REFERENCES generation', 'the response that both were forced along'],
    settings_json: [
      'TEXT NOT NULL CHECK (json_valid(settings_json))',
      'JSON: direction, positions and all else that was chosen',
    ],
  },
  options: 'STRICT, WITHOUT ROWID',
});

export const KL_VALUE = table({
  name: 'kl_value',
  description: 'KL divergence at each position of a response.',
  columns: {
    kl_key: ['TEXT NOT NULL REFERENCES kl', 'the measurement'],
    position: ['INTEGER NOT NULL CHECK (position >= 0)', MEANING.output_position],
    kl_nats: ['REAL NOT NULL', 'KL(reference model ‖ sub-model) in nats'],
  },
  constraints: ['PRIMARY KEY (kl_key, position)'],
  options: 'STRICT, WITHOUT ROWID',
});

export const HUMAN_AGREEMENT_RESULT = table({
  name: 'human_agreement_result',
  description: 'How a judge with its settings agreed with people: of a judge, not of a run.',
  comment: 'A judge against people: of a judge and its settings, not of a run.',
  columnComments: { labels: "Name of the labels' file, for people." },
  columns: {
    judge_key: ['TEXT NOT NULL', MEANING.judge_key],
    decoding_json: DECODING,
    labels_sha256: ['TEXT NOT NULL', 'sha256 of the file of labels'],
    malformed_rule: [
      `TEXT NOT NULL CHECK (malformed_rule IN ${sqlList(AGREEMENT_RULES)})`,
      MEANING.agreement_rule,
    ],
    labels: ['TEXT NOT NULL', MEANING.labels],
    pairs: ['INTEGER NOT NULL CHECK (pairs > 0)', MEANING.labelled_pairs],
    accuracy: ['REAL NOT NULL', MEANING.accuracy],
    accuracy_low: ['REAL NOT NULL', MEANING.accuracy_low],
    accuracy_high: ['REAL NOT NULL', MEANING.accuracy_high],
    macro_f1: ['REAL NOT NULL', MEANING.macro_f1],
    kappa: ['REAL', ...MEANING.kappa],
  },
  constraints: ['PRIMARY KEY (judge_key, decoding_json, labels_sha256, malformed_rule)'],
  options: 'STRICT, WITHOUT ROWID',
});
