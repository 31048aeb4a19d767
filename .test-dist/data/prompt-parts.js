export function promptText({ fixed, shortenable }) {
    return fixed[0] + shortenable[0] + fixed[1] + shortenable[1] + fixed[2];
}
