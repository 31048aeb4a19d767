import { once } from 'node:events';
import open from 'open';
import type { CommandModule } from 'yargs';
import { InputError } from '../../core/errors.ts';
import { serveResults } from '../../viewer/serve-page.ts';
import type { Terminal } from '../cli.ts';

type ViewArguments = { results: string; second: string | undefined; port: number; open: boolean };

/** `sorted-eval view [results.db] [second.db]` */
export function viewCommand({ stdout, signal }: Terminal): CommandModule<object, ViewArguments> {
  return {
    command: 'view [results] [second]',
    describe: 'show a results file in the browser, also while a sweep writes to it',
    builder: (args) =>
      args
        .positional('results', {
          type: 'string',
          default: 'reports/nano/results.db',
          describe: 'results file',
        })
        .positional('second', { type: 'string', describe: 'another one to compare it with' })
        .option('port', { type: 'number', default: 0, defaultDescription: 'a free one', describe: 'port' })
        .option('open', { type: 'boolean', default: true, describe: 'open the browser; --no-open does not' }),
    handler: async ({ results, second, port, open: opens }) => {
      const served = await serveResults({ db: results, second, port: checkedPort(port) });
      stdout.write(`${served.url}\nOn this machine alone, until Ctrl-C.\n`);
      if (opens) await openBrowser(served.url);
      if (!signal.aborted) await once(signal, 'abort');
      await served.close();
    },
  };
}

function checkedPort(port: number): number {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InputError({
    code: 'bad-option',
    where: '--port',
    expected: 'a whole number up to 65535',
    found: String(port),
    fix: 'Leave it out for a free port.',
  });
}

/** Where no browser can be opened, the address was printed. */
async function openBrowser(url: string): Promise<void> {
  const child = await open(url).catch(() => undefined);
  child?.on('error', () => {});
}
