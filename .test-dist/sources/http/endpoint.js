/** Where an OpenAI-compatible server is and how hard it may be asked; a key of the sweep file. */
import { z } from 'zod';
/** `completions` continues the exact text; `chat` is for servers that have nothing else. */
export const APIS = ['completions', 'chat'];
/** fetch itself gives up after 300 s without an answer. */
const LONGEST_TIMEOUT_SECONDS = 300;
export const endpointSchema = z.strictObject({
    /** With the version, as OpenAI's clients have it: `http://localhost:8000/v1`. */
    baseUrl: z.string().refine(isPlainUrl, 'an http(s) URL without user name, password, "?" and "#"'),
    api: z.enum(APIS).default('completions'),
    /** NAME of the environment variable that holds the key; the key itself never stands in a file. */
    apiKeyEnv: z
        .string()
        .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable, not the key itself')
        .optional(),
    /** Requests that are under way at one time. */
    concurrency: z.int().min(1).max(1024).default(8),
    /** For one try, from the connection to the last byte. */
    timeoutSeconds: z.number().positive().max(LONGEST_TIMEOUT_SECONDS).default(120),
    /** For one request. */
    maxTries: z.int().min(1).max(100).default(8),
    /** For all requests of one model or judge together in one call of the command; no limit without it. */
    maxTotalTries: z.int().min(1).optional(),
    /** The first pause is at most this long; each further one at most twice the one before, and never over 30 s. */
    backoffSeconds: z.number().positive().max(30).default(0.5),
});
/** What an endpoint answers depends on these three; the rest is about the way there. */
export function endpointIdentity({ baseUrl, api }, model) {
    return { baseUrl: baseUrl.replace(/\/+$/, ''), api, model };
}
/** A password or a key in a URL would be stored with the run. */
function isPlainUrl(text) {
    if (!URL.canParse(text))
        return false;
    const { protocol, username, password } = new URL(text);
    const isHttp = protocol === 'http:' || protocol === 'https:';
    return isHttp && username === '' && password === '' && !/[?#]/.test(text);
}
