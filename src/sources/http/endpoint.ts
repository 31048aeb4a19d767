/** Where an OpenAI-compatible server is and how many requests it gets; a key of the sweep file. */

import { z } from 'zod';

/** `completions` continues the exact text; `chat` is for servers that have nothing else. */
export const APIS = ['completions', 'chat'] as const;
export type Api = (typeof APIS)[number];

/** fetch itself gives up after 300 s without an answer. */
export const MAX_TIMEOUT_SECONDS = 300;

export const endpointSchema = z.strictObject({
  baseUrl: z
    .string()
    .refine(isPlainUrl, 'an http(s) URL without user name, password, "?" and "#"')
    .describe('Address with the version, as OpenAI’s clients take it: `http://localhost:8000/v1`.'),
  api: z
    .enum(APIS)
    .default('completions')
    .describe(
      '`completions` continues the exact text; `chat` sends it as the one message of a user, for servers that have nothing else.',
    ),
  apiKeyEnv: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable, not the key itself')
    .optional()
    .describe(
      'NAME of the environment variable that holds the API key; the key itself never goes into a file.',
    ),
  concurrency: z.int().min(1).max(1024).default(8).describe('Requests under way at one time.'),
  timeoutSeconds: z
    .number()
    .positive()
    .max(MAX_TIMEOUT_SECONDS)
    .default(120)
    .describe('Time for one attempt in seconds, from the connection to the last byte.'),
  maxTries: z.int().min(1).max(100).default(8).describe('Attempts for one request.'),
  maxTotalTries: z
    .int()
    .min(1)
    .optional()
    .describe(
      'Attempts for all requests of one model or judge together in one call of the command. Default: no limit.',
    ),
  backoffSeconds: z
    .number()
    .positive()
    .max(30)
    .default(0.5)
    .describe(
      'Longest first pause after a failed attempt, in seconds; each further pause is at most twice the one before, and at most 30 s.',
    ),
});

export type Endpoint = z.output<typeof endpointSchema>;

/** An endpoint's answers depend on these three; the rest is about the way there. */
export function endpointIdentity({ baseUrl, api }: Endpoint, model: string) {
  return { baseUrl: baseUrl.replace(/\/+$/, ''), api, model };
}

/** A password or a key in a URL would be stored with the run. */
function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  const isHttp = protocol === 'http:' || protocol === 'https:';
  return isHttp && username === '' && password === '' && !/[?#]/.test(text);
}
