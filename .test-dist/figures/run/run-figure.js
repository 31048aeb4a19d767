import { read } from '../../store/read/read.js';
/** The figure of a run with all its paragraphs, from its results file; `undefined` where there is nothing to draw. */
export function drawRunFigure(store, head, { reads, draw, notes }, choice) {
    const figure = draw(head, readAll(store, reads(head, choice)), choice);
    if (figure === undefined || notes === undefined)
        return figure;
    const paragraphs = notes.paragraphs(head, readAll(store, notes.reads(head)), choice);
    return { ...figure, footer: [...figure.footer, ...paragraphs] };
}
function readAll(store, reads) {
    return Object.fromEntries(Object.entries(reads).map(([name, wanted]) => [name, read(store, wanted)]));
}
