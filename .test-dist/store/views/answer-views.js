/** Views over responses and what was measured along them. */
import { MEANING } from '../schema/column-meanings.js';
import { isCorrect, tokensPerSecond } from './rules.js';
import { integer, real, SUB_MODEL_COLUMNS, text } from './view-columns.js';
import { view } from './view-type.js';
export const ANSWER_VIEWS = [
    view({
        name: 'responses',
        description: 'Every response of every exit; correct is 1 or 0 where the instruction set brings a known answer.',
        columns: {
            ...SUB_MODEL_COLUMNS,
            instruction_id: text(MEANING.instruction_id),
            position: integer(MEANING.set_position),
            instruction: text(MEANING.instruction),
            input: text(MEANING.input),
            answer: text(MEANING.answer),
            correct: integer([
                '1: equal to the known answer but for white space at the ends; 0: not',
                'the instruction set brings no answer',
            ]),
            text: text('the response, decoded without special tokens'),
            stop_reason: text(MEANING.stop_reason),
            generated_tokens: integer(MEANING.generated_tokens),
            prompt_tokens: integer(MEANING.prompt_tokens),
            duration_ms: real(MEANING.duration_ms),
        },
        orderBy: ['run', 'model', 'exit', 'position'],
        sql: `
SELECT a.run, a.model, a.exit, a.instruction_id, r.position, i.instruction, i.input, r.answer,
       ${isCorrect('g.text', 'r.answer')} AS correct,
       g.text, g.stop_reason, json_array_length(g.token_ids) AS generated_tokens, g.prompt_tokens, g.duration_ms
FROM answer a JOIN generation g USING (response_key)
JOIN run_instruction r USING (run, instruction_id) JOIN instruction i USING (instruction_id)`,
    }),
    view({
        name: 'kl_curves',
        description: "Mean KL divergence in nats at each output position of the reference model's responses.",
        columns: {
            run: text(MEANING.run),
            curve: text(MEANING.curve),
            model: text(MEANING.model),
            exit: integer(MEANING.exit),
            reference_model: text(MEANING.reference_model),
            reference_exit: integer(MEANING.reference_exit),
            position: integer("position in the reference model's response, from 0"),
            mean_kl_nats: real('mean KL(reference model ‖ sub-model) in nats'),
            instructions: integer("instructions for which the reference model's response reaches this position"),
        },
        orderBy: ['run', 'curve', 'model', 'exit', 'reference_model', 'reference_exit', 'position'],
        sql: `
SELECT c.run, c.curve, c.model, c.exit, c.reference_model, c.reference_exit, v.position,
       avg(v.kl_nats) AS mean_kl_nats, count(*) AS instructions
FROM kl_curve c JOIN kl_value v USING (kl_key)
GROUP BY c.run, c.curve, c.model, c.exit, c.reference_model, c.reference_exit, v.position`,
    }),
    view({
        name: 'exit_speed',
        description: 'Generated tokens per second of each exit, measured alone at one batch size.',
        columns: {
            ...SUB_MODEL_COLUMNS,
            batch_size: integer(MEANING.batch_size),
            tokens_per_second: real('generated tokens of all rows per second of wall time'),
        },
        orderBy: ['run', 'model', 'exit', 'batch_size'],
        sql: `SELECT run, model, exit, batch_size, ${tokensPerSecond('tokens', 'duration_ms')} AS tokens_per_second FROM speed`,
    }),
    view({
        name: 'quality',
        description: 'Responses of each exit that equal the known answer; only instructions that have one count.',
        columns: {
            ...SUB_MODEL_COLUMNS,
            right: integer('responses that equal the known answer'),
            total: integer('responses to instructions with a known answer'),
            exact_match: real('right / total, in [0, 1]'),
        },
        orderBy: ['run', 'model', 'exit'],
        sql: `
SELECT run, model, exit, sum(correct) AS "right", count(*) AS total, avg(correct) AS exact_match
FROM responses WHERE correct IS NOT NULL GROUP BY run, model, exit`,
    }),
];
/** Which responses are right. */
export const ANSWER_CORRECT = {
    name: 'answer_correct',
    sql: 'SELECT run, model, exit, instruction_id, correct FROM responses',
};
