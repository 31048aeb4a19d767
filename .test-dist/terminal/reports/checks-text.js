import { labelledText } from '../terminal-layout.js';
const WIDTH = 80;
/** A title and one line for each check; a long one goes on below itself. */
export function checksText(title, checks) {
    const lines = checks.map(({ name, passed, detail }) => {
        const mark = `  ${passed ? 'passed' : 'FAILED'}  `;
        return labelledText(mark, `${name}: ${detail}`, mark.length, WIDTH);
    });
    return [title, ...lines].join('\n');
}
