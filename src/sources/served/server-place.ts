/** Where a server of docs/server-api.md is: a key of the sweep file. */

import type { z } from 'zod';
import { type Endpoint, endpointSchema, MAX_TIMEOUT_SECONDS } from '../http/endpoint.ts';

/** Requests wait in the server's own line, so all of a batch go there at once and have time. */
export const serverSchema = endpointSchema.omit({ api: true }).extend({
  concurrency: endpointSchema.shape.concurrency
    .unwrap()
    .default(32)
    .describe('Requests under way at one time.'),
  timeoutSeconds: endpointSchema.shape.timeoutSeconds
    .unwrap()
    .default(MAX_TIMEOUT_SECONDS)
    .describe('Time for one attempt in seconds, from the connection to the last byte.'),
});
export type ServerPlace = z.output<typeof serverSchema>;

export function endpointOf(server: ServerPlace): Endpoint {
  return { ...server, api: 'completions' };
}
