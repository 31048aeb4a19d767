import { once } from 'node:events';
import open from 'open';
import { NANO_RESULTS } from '../../config/nano-run.ts';
import { printable } from '../../terminal/text-width.ts';
import { serveResults } from '../../viewer/serve-page.ts';
import { defineCommand } from '../command.ts';
import { DB_OPTION, RUN_OPTION, requireInteger } from '../options.ts';
import { EXIT } from '../terminal.ts';

const MAX_PORT = 65_535;

/** `sorted-eval view [results.db] [second.db]` */
export const viewCommand = defineCommand({
  command: 'view [results] [second]',
  describe: 'show a results file in the browser, even while a sweep writes to it',
  builder: (args) =>
    args
      .positional('results', {
        type: 'string',
        conflicts: 'db',
        describe: `results file, as --db names it elsewhere  [default: ${NANO_RESULTS}]`,
      })
      .positional('second', { type: 'string', describe: 'second results file to compare with it' })
      .option('db', { ...DB_OPTION, default: undefined, defaultDescription: NANO_RESULTS })
      .option('run', RUN_OPTION)
      .option('port', { type: 'number', default: 0, defaultDescription: 'a free one', describe: 'port' })
      .option('open', { type: 'boolean', default: true, describe: 'open the browser; --no-open does not' }),
  run: async ({ results, db, second, run, port, open: opens }, { stdout, signal }) => {
    requireInteger('--port', port, { min: 0, max: MAX_PORT, fix: 'Leave it out for a free port.' });
    const served = await serveResults({ db: results ?? db ?? NANO_RESULTS, second, run, port });
    stdout.write(printable(`${served.url}\nServed to this machine only, until Ctrl-C.\n`));
    if (opens) await openBrowser(served.url);
    if (!signal.aborted) await once(signal, 'abort');
    await served.close();
    return EXIT.done;
  },
});

/** If no browser can be opened, the printed address is enough. */
async function openBrowser(url: string): Promise<void> {
  const child = await open(url).catch(() => undefined);
  child?.on('error', () => {});
}
