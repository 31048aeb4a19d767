/** The skeleton of every stage that computes: what is stored is settled first, then the rest is computed and stored in units. */
/**
 * Computes what is not stored yet.
 * @returns the items without a result, and why; not noted on the progress
 * @throws what `compute` throws; the units before it are saved
 */
export async function runStage(stage, { progress, signal }) {
    const { label, items } = stage;
    const known = stage.known(items.flatMap(stage.keysOf));
    const isKnown = (item) => stage.keysOf(item).every((key) => known.has(key));
    const settled = items.filter(isKnown);
    stage.settle?.(settled);
    const reasons = [];
    const task = progress.start(label, items.length, settled.length);
    try {
        const open = items.filter((item) => !isKnown(item));
        const units = open.length > 0 ? stage.compute(open, signal) : [];
        for await (const unit of units) {
            const results = unit.filter((result) => !isFailure(result));
            stage.save(results);
            task.advance(results.length);
            reasons.push(...unit.filter(isFailure).map(({ error }) => error));
        }
    }
    finally {
        task.end();
    }
    return { label, total: items.length, reasons };
}
const isFailure = (result) => 'error' in result;
/** Whatever took this long is stored, however little it is: a killed run must not pay for it again. */
const MAX_WAIT_MS = 5000;
/**
 * Collects items into units of `size`; the last one, and those of items that come slowly, may be smaller. What came before
 * an error is a unit too, and then the error is thrown: an interrupted stage stores what it has.
 */
export async function* inUnits(items, size) {
    let unit = [];
    let lastAt = performance.now();
    try {
        for await (const item of items) {
            unit.push(item);
            if (unit.length < size && performance.now() - lastAt < MAX_WAIT_MS)
                continue;
            const full = unit;
            unit = [];
            lastAt = performance.now();
            yield full;
        }
    }
    catch (error) {
        if (unit.length > 0)
            yield unit;
        throw error;
    }
    if (unit.length > 0)
        yield unit;
}
