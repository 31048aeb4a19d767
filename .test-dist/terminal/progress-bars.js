import { MultiBar, Presets } from 'cli-progress';
import { silentProgress } from '../core/progress.js';
const PLAIN_INTERVAL_MS = 10_000;
/** Bars on a terminal, plain lines every ten seconds elsewhere; rate and time left on both. */
export function progressOn(stream) {
    const bars = stream.isTTY ? new Bars(stream) : undefined;
    const note = (text) => {
        if (bars)
            bars.note(text);
        else
            stream.write(`${text}\n`);
    };
    return {
        note,
        start: (label, total, done) => {
            if (done === total) {
                note(`${label}: ${total} of ${total} known`);
                return silentProgress.start(label, total, done);
            }
            return bars ? bars.start(label, total, done) : plainTask(note, label, total, done);
        },
    };
}
/** The bars of tasks that run at the same time; notes go above them. */
class Bars {
    #stream;
    #group;
    #running = 0;
    constructor(stream) {
        this.#stream = stream;
    }
    note(text) {
        if (this.#group)
            this.#group.log(`${text}\n`);
        else
            this.#stream.write(`${text}\n`);
    }
    start(label, total, done) {
        const format = `${label.padEnd(28)} {bar} {value}/{total} {rate}/s {left}`;
        // A note moves all bars down, also those that have not changed.
        const options = { stream: this.#stream, barsize: 20, gracefulExit: false, forceRedraw: true };
        this.#group ??= new MultiBar(options, Presets.shades_classic);
        const group = this.#group;
        this.#running++;
        const count = counter(total, done);
        const bar = group.create(total, done, { rate: '-', left: '' }, { format });
        return {
            advance: (units) => {
                count.advance(units);
                bar.update(count.done(), count.text());
            },
            end: () => {
                bar.stop();
                if (--this.#running > 0)
                    return;
                // A last time, since notes may wait.
                group.update();
                group.stop();
                this.#group = undefined;
            },
        };
    }
}
function plainTask(note, label, total, done) {
    const count = counter(total, done);
    const line = () => {
        const { rate, left } = count.text();
        note(`${label}: ${count.done()} of ${total}, ${rate}/s${left ? `, ${left}` : ''}`);
    };
    let lastLineAt = performance.now();
    return {
        advance: (units) => {
            count.advance(units);
            if (performance.now() - lastLineAt < PLAIN_INTERVAL_MS)
                return;
            lastLineAt = performance.now();
            line();
        },
        end: line,
    };
}
function counter(total, known) {
    const startedAt = performance.now();
    let done = known;
    return {
        advance: (units) => {
            done += units;
        },
        done: () => done,
        text: () => {
            const perSecond = ((done - known) / (performance.now() - startedAt)) * 1000;
            const isOpen = done < total && perSecond > 0;
            const left = isOpen ? `${Math.ceil((total - done) / perSecond)} s left` : '';
            return { rate: perSecond.toPrecision(3), left };
        },
    };
}
