import { onTestFinished } from 'vitest';
import { type FaultyServer, openServer } from './open-server.ts';

export { type Answer, completion, type FaultyServer, type Received } from './open-server.ts';

/** The server of {@link openServer}, gone when the test is over. */
export async function startServer(...options: Parameters<typeof openServer>): Promise<FaultyServer> {
  const { close, ...server } = await openServer(...options);
  onTestFinished(close);
  return server;
}
