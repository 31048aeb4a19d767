import { once } from 'node:events';
import { isIPv4, isIPv6 } from 'node:net';
import { adaptiveNamed, type NamedDynamic, speculativeNamed } from '../../sources/dynamic/dynamic-names.ts';
import { readApiKey } from '../../sources/http/api-key.ts';
import { printable } from '../../terminal/text-width.ts';
import { defineCommand } from '../command.ts';
import { badOption, MEMORY_OPTION, requireInteger, WORKERS_OPTION, workersOf } from '../options.ts';
import { EXIT } from '../terminal.ts';

const MAX_PORT = 65_535;
const DEFAULT_PORT = 8000;

/** `sorted-eval serve <folders..>` */
export const serveCommand = defineCommand({
  command: 'serve <folders..>',
  describe: 'serve model folders, each at every exit, over OpenAI’s API (server-api.md)',
  builder: (args) =>
    args
      .positional('folders', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'model folders; their names are those of the models',
      })
      .option('host', { type: 'string', default: '127.0.0.1', describe: 'address to listen at' })
      .option('port', { type: 'number', default: DEFAULT_PORT, describe: 'port; 0: a free one' })
      .option('adaptive', {
        type: 'string',
        array: true,
        default: [] as string[],
        describe:
          'serve <name>@adaptive:<this>, too: a threshold from 0 to 1; carried:0.9, margin:0.5, 3=0.9,6=0.8',
      })
      .option('speculative', {
        type: 'string',
        array: true,
        default: [] as string[],
        describe: 'serve <name>@speculative:<this>, too: the exit that drafts and the tokens of a draft, 6:4',
      })
      .option('memory', MEMORY_OPTION)
      .option('workers', WORKERS_OPTION)
      .option('api-key-env', {
        type: 'string',
        describe: 'NAME of the environment variable with the key that clients need',
      })
      .option('max-body', { type: 'number', default: 4096, describe: 'kB of a request' })
      .option('max-prompt', { type: 'number', describe: 'tokens of a prompt  [default: the context]' })
      .option('max-waiting', { type: 'number', default: 1024, describe: 'prompts that may wait' })
      .option('max-wait', { type: 'number', default: 600, describe: 'seconds that a prompt may wait' }),
  run: async (options, { stdout, stderr, signal }) => {
    const key = readApiKey({ apiKeyEnv: options['api-key-env'] });
    // Its libraries load undici, whose memory other commands need not have.
    const { serveModels } = await import('../../server/api/serve-models.ts');
    const served = await serveModels({
      ...checked(options),
      ...workersOf(options.workers),
      key,
      signal,
      onError: (error) => {
        const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
        stderr.write(printable(`${text}\n`));
      },
    });
    const { reason, workers } = served.workers;
    const ids = served.models.subModels.map(({ id }) => id).join(', ');
    if (key === undefined && !isLoopback(options.host)) stderr.write(printable(OPEN_TO_ALL));
    stdout.write(
      printable(`${served.url}/v1\n${ids}\n${workers} ${workers === 1 ? 'worker' : 'workers'} (${reason})\n`),
    );
    try {
      if (!signal.aborted) await Promise.race([once(signal, 'abort'), served.failure]);
    } finally {
      stderr.write('Ending: requests under way are answered; a second Ctrl-C stops at once.\n');
      await served.end();
    }
    return EXIT.done;
  },
});

const OPEN_TO_ALL = 'Whoever reaches this address may use the server: --api-key-env asks for a key.\n';

const isLoopback = (host: string) =>
  host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));

interface Limits {
  readonly folders: readonly string[];
  readonly host: string;
  readonly port: number;
  readonly adaptive: readonly string[];
  readonly speculative: readonly string[];
  readonly memory: number;
  readonly 'max-body': number;
  readonly 'max-prompt'?: number | undefined;
  readonly 'max-waiting': number;
  readonly 'max-wait': number;
}

function checked({ folders, host, port, adaptive, speculative, memory, ...limits }: Limits) {
  const { 'max-body': maxBody, 'max-prompt': maxPrompt } = limits;
  const { 'max-waiting': maxWaiting, 'max-wait': maxWait } = limits;
  requireInteger('--port', port, { min: 0, max: MAX_PORT, fix: 'Name another one; 0 is a free one.' });
  if (host !== 'localhost' && !isIPv4(host) && !isIPv6(host))
    throw badOption(
      '--host',
      'an IP address of this machine, or localhost',
      host,
      'Name 0.0.0.0 for all of them.',
    );
  return {
    ...{ folders, host, port, dynamic: dynamicOf(adaptive, speculative) },
    memoryMB: requireInteger('--memory', memory, { min: 1, unit: 'MB' }),
    maxBodyBytes: 1000 * requireInteger('--max-body', maxBody, { min: 1, max: 1_000_000, unit: 'kB' }),
    maxPromptTokens:
      maxPrompt === undefined
        ? Number.POSITIVE_INFINITY
        : requireInteger('--max-prompt', maxPrompt, { min: 1 }),
    maxWaiting: requireInteger('--max-waiting', maxWaiting, { min: 1 }),
    maxWaitSeconds: requireInteger('--max-wait', maxWait, { min: 1, max: 2_000_000, unit: 'seconds' }),
  };
}

/** Each once. */
function dynamicOf(adaptive: readonly string[], speculative: readonly string[]): readonly NamedDynamic[] {
  const all = [
    ...adaptive.map((text) => {
      const expected =
        'a threshold from 0 to 1, or words and thresholds by exit: carried:0.9, margin:3=0.9,6=0.8';
      return adaptiveNamed(text) ?? notNamed('--adaptive', expected, text);
    }),
    ...speculative.map((text) => {
      const expected = 'an exit and the most tokens of a draft, such as 6:4';
      return speculativeNamed(text) ?? notNamed('--speculative', expected, text);
    }),
  ];
  return [...new Map(all.map((one) => [one.name, one])).values()];
}

function notNamed(option: string, expected: string, found: string): never {
  throw badOption(option, expected, found, 'See docs/server-api.md.');
}
