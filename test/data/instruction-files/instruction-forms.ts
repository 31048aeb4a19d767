/** Instructions as the files of others write them. */
import type { Instruction } from '../../../src/core/domain.ts';

type Asked = Pick<Instruction, 'instruction' | 'input' | 'answer' | 'category'>;

export const jsonLines = (records: readonly object[]) =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');

/** databricks-dolly-15k.jsonl */
export const dolly = (set: readonly Asked[]) =>
  jsonLines(
    set.map(({ instruction, input, answer = '', category }) => ({
      instruction,
      context: input,
      response: answer,
      category,
    })),
  );

/** self-instruct's user_oriented_instructions.jsonl, records that follow each other with one instruction as instances of one task. */
export function selfInstruct(set: readonly Asked[]): string {
  const tasks: { instruction: string; motivation_app: string | undefined; instances: object[] }[] = [];
  for (const { instruction, input, answer = '', category } of set) {
    const last = tasks.at(-1);
    const instance = { input, output: answer };
    if (last?.instruction === instruction && last.motivation_app === category) last.instances.push(instance);
    else tasks.push({ instruction, motivation_app: category, instances: [instance] });
  }
  return jsonLines(tasks.map((task, index) => ({ id: `user_oriented_task_${index}`, ...task })));
}

/** alpaca_eval.json, which has no inputs. */
export const alpacaEval = (set: readonly Asked[]) =>
  JSON.stringify(
    set.map(({ instruction, answer = '', category }) => ({
      ...{ dataset: 'helpful_base', instruction, output: answer, generator: 'text_davinci_003', category },
    })),
  );
