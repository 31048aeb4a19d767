/**
 * A canvas whose drawings land in their place on the sheet, so that a vector sheet stays one of vectors. Chart.js
 * believes that the canvas is its own: it resets the transform and clears everything.
 */
export function panelCanvas(sheet, place) {
    const { widthPx, heightPx, scale } = place;
    // Chart.js aligns hairlines to whole pixels of its canvas: these must be whole pixels of the sheet.
    const [left, top] = [Math.round(place.x * scale), Math.round(place.y * scale)];
    const toPlace = () => sheet.setTransform(scale, 0, 0, scale, left, top);
    const canvas = { width: widthPx, height: heightPx, style: {}, getContext: () => context };
    const instead = {
        canvas,
        setTransform: toPlace,
        resetTransform: toPlace,
        clearRect: () => { },
    };
    const context = new Proxy(sheet, {
        get(target, key) {
            if (key in instead)
                return instead[key];
            const value = Reflect.get(target, key, target);
            return typeof value === 'function' ? value.bind(target) : value;
        },
        set: (target, key, value) => Reflect.set(target, key, value, target),
    });
    return canvas;
}
