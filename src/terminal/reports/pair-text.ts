import { subModelName } from '../../core/sub-models.ts';
import type { Pair, PairSide, PairVerdict } from '../../store/read/pair-record.ts';
import type { Rows } from '../rows.ts';
import { wrappedText } from '../terminal-layout.ts';
import { readableLines, visible } from '../text-width.ts';

const INDENT = '  ';

/** One pair: the instruction, both responses, and what the judge wrote in both orders. */
export function pairText(pair: Pair, width: number): string {
  const { run, instruction, position, a, b, verdicts } = pair;
  const { id, input, answer, category } = instruction;
  const place = `Instruction ${id}, position ${position}${category === undefined ? '' : `, ${category}`}, run ${run}`;
  const sections = [
    wrappedText(visible(place, width * 4), width),
    section('Instruction', instruction.instruction, width),
    ...(input === '' ? [] : [section('Input', input, width)]),
    ...(answer === undefined ? [] : [section('Right answer', answer, width)]),
    ...promptSections(a, b, width),
    responseSection('a', a, width),
    responseSection('b', b, width),
    ...verdictSections(verdicts, width),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** The same for a program: one row for each text. */
export function pairRows({ run, instruction, a, b, verdicts }: Pair): Rows {
  const texts: [part: string, sort: string | null, text: string | null][] = [
    ['instruction', instruction.category ?? null, instruction.instruction],
    ['input', null, instruction.input],
    ['right answer', null, instruction.answer ?? null],
    ...promptRows(a, b),
    ...[a, b].flatMap(responseRows),
    ...verdicts.map((verdict): [string, string, string | null] => [
      `${verdict.comparison}: ${verdict.slot1} in slot 1, ${verdict.slot2} in slot 2`,
      preferenceText(verdict),
      verdict.rawText,
    ]),
  ];
  return {
    columns: ['run', 'instruction_id', 'part', 'kind', 'text'],
    rows: texts.map((row) => [run, instruction.id, ...row]),
  };
}

/** One section where both read the same. */
function promptSections(a: PairSide, b: PairSide, width: number): string[] {
  if (a.prompt !== undefined && a.prompt === b.prompt)
    return [section(`Prompt as ${nameOf(a)} and ${nameOf(b)} read it`, a.prompt, width)];
  return [a, b].flatMap((side) =>
    side.prompt === undefined ? [] : [section(`Prompt as ${nameOf(side)} read it`, side.prompt, width)],
  );
}

function promptRows(a: PairSide, b: PairSide): [part: string, sort: null, text: string][] {
  const read = [a, b].filter((side) => side.prompt !== undefined);
  return read.map((side) => [`prompt of ${nameOf(side)}`, null, side.prompt!]);
}

function responseRows(side: PairSide): [part: string, sort: string | null, text: string | null][] {
  const { state, text = null, rawText = null, looks = null } = side.response ?? {};
  if (state === undefined || state === 'answered') return [[nameOf(side), looks, text]];
  return [[nameOf(side), state, rawText]];
}

function responseSection(side: 'a' | 'b', subModel: PairSide, width: number): string {
  const { response } = subModel;
  const title = `Answer ${side}: ${nameOf(subModel)}`;
  if (!response) return section(title, 'not answered yet', width);
  const { state, text, rawText } = response;
  const titled = `${title} (${factsOf(response).join(', ')})`;
  if (text !== null) return section(titled, text, width);
  const came = rawText === null ? 'nothing came' : `instead: ${rawText}`;
  return section(titled, `No answer, ${state}; ${came}`, width);
}

function factsOf(response: NonNullable<PairSide['response']>): string[] {
  const { isCorrect, stopReason, generatedTokens, looks, meanLogProbability } = response;
  return [
    ...(isCorrect === null ? [] : [isCorrect ? 'right' : 'wrong']),
    ...(looks === null ? [] : [`looks ${looks}`]),
    ...(meanLogProbability === null ? [] : [`${meanLogProbability.toFixed(2)} nats a token`]),
    generatedTokens === null ? 'number of tokens not known' : `${generatedTokens} tokens`,
    stopReason === null ? 'end not known' : `ended by ${stopReason}`,
  ];
}

function verdictSections(verdicts: readonly PairVerdict[], width: number): string[] {
  if (verdicts.length === 0)
    return ['No verdict: no comparison of this run has this pair, or it is not judged yet.'];
  return verdicts.map((verdict) => {
    const { comparison, slot1, slot2, rawText } = verdict;
    const title = `Verdict in ${comparison}, ${slot1} in slot 1 and ${slot2} in slot 2: ${preferenceText(verdict)}`;
    return section(title, rawText ?? '', width);
  });
}

function preferenceText({ slotVerdict, preferred }: PairVerdict): string {
  return preferred === null ? slotVerdict : `prefers ${preferred}`;
}

function section(title: string, text: string, width: number): string {
  const shown = text.trimEnd() === '' ? '(nothing)' : text.trimEnd();
  const lines = readableLines(shown, width - INDENT.length).map((line) => `${INDENT}${line}`.trimEnd());
  return [wrappedText(visible(title, width * 4), width), ...lines].join('\n');
}

function nameOf({ model, exit }: PairSide): string {
  return subModelName(model, exit);
}
