import { wrappedText } from '../terminal-layout.js';
import { readableLines, visible } from '../text-width.js';
const INDENT = '  ';
/** One pair to be read: what was asked, both answers, and what the judge wrote in both orders. */
export function pairText(pair, width) {
    const { run, instruction, position, a, b, verdicts } = pair;
    const { id, input, answer, category } = instruction;
    const place = `Instruction ${id}, position ${position}${category === undefined ? '' : `, ${category}`}, run ${run}`;
    const sections = [
        wrappedText(visible(place, width * 4), width),
        section('Instruction', instruction.instruction, width),
        ...(input === '' ? [] : [section('Input', input, width)]),
        ...(answer === undefined ? [] : [section('Right answer', answer, width)]),
        answerSection('a', a, width),
        answerSection('b', b, width),
        ...verdictSections(verdicts, width),
    ];
    return `${sections.join('\n\n')}\n`;
}
/** The same for a program: one row for each text. */
export function pairRows({ run, instruction, a, b, verdicts }) {
    const texts = [
        ['instruction', instruction.category ?? null, instruction.instruction],
        ['input', null, instruction.input],
        ['right answer', null, instruction.answer ?? null],
        [nameOf(a), a.answer?.looks ?? null, a.answer?.text ?? null],
        [nameOf(b), b.answer?.looks ?? null, b.answer?.text ?? null],
        ...verdicts.map((verdict) => [
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
function answerSection(side, subModel, width) {
    const { answer } = subModel;
    const title = `Answer ${side}: ${nameOf(subModel)}`;
    if (!answer)
        return section(title, 'not answered yet', width);
    const { isCorrect, stopReason, generatedTokens, looks, meanLogProbability } = answer;
    const facts = [
        ...(isCorrect === null ? [] : [isCorrect ? 'right' : 'wrong']),
        `looks ${looks}`,
        ...(meanLogProbability === null ? [] : [`${meanLogProbability.toFixed(2)} nats a token`]),
        ...(generatedTokens === 0 ? [] : [`${generatedTokens} tokens`]),
        `ended by ${stopReason}`,
    ];
    return section(`${title} (${facts.join(', ')})`, answer.text, width);
}
function verdictSections(verdicts, width) {
    if (verdicts.length === 0)
        return ['No verdict: no comparison of this run has this pair, or it is not judged yet.'];
    return verdicts.map((verdict) => {
        const { comparison, slot1, slot2, rawText } = verdict;
        const title = `Verdict in ${comparison}, ${slot1} in slot 1 and ${slot2} in slot 2: ${preferenceText(verdict)}`;
        return section(title, rawText, width);
    });
}
function preferenceText({ slotVerdict, preferred }) {
    return preferred === null ? slotVerdict : `prefers ${preferred}`;
}
function section(title, text, width) {
    const shown = text.trimEnd() === '' ? '(nothing)' : text.trimEnd();
    const lines = readableLines(shown, width - INDENT.length).map((line) => `${INDENT}${line}`.trimEnd());
    return [wrappedText(visible(title, width * 4), width), ...lines].join('\n');
}
function nameOf({ model, exit }) {
    return `${model}@${exit}`;
}
