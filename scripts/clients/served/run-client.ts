/**
 * Runs a client against the nano model and keeps its requests with our answers, for `test/server/clients.test.ts`.
 *
 *     npm install --prefix scripts/clients/served
 *     npx tsx scripts/clients/served/run-client.ts openai-npm node scripts/clients/served/openai-npm.mjs
 *     npx tsx scripts/clients/served/run-client.ts ai-sdk node scripts/clients/served/ai-sdk.mjs
 *     npx tsx scripts/clients/served/run-client.ts openai-pypi <python with openai> scripts/clients/served/openai-pypi.py
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { serveNano } from './nano-server.ts';
import { recordAt } from './recorder.ts';

const [name, command, ...args] = process.argv.slice(2);
if (name === undefined || command === undefined)
  throw new Error('usage: run-client.ts <name> <command> [arguments]');
const server = await serveNano();
const recorder = await recordAt(server.url);
const environment = { ...process.env, BASE_URL: `${recorder.url}/v1`, OPENAI_API_KEY: 'none' };
const child = spawn(command, args, { stdio: 'inherit', env: environment });
const [code] = await once(child, 'exit');
recorder.close();
await server.end();
if (code !== 0) throw new Error(`${command} ended with ${code}`);
writeFileSync(`test/golden/clients/${name}.json`, `${JSON.stringify(recorder.exchanges, null, 1)}\n`);
console.log(`${recorder.exchanges.length} requests in test/golden/clients/${name}.json`);
