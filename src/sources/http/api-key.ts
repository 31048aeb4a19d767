import { InputError } from '../../core/errors.ts';
import { registerSecret } from '../../core/runtime/redact.ts';
import type { Endpoint } from './endpoint.ts';

/**
 * The key in an endpoint's environment variable, where it names one. It goes into one header and nowhere
 * else.
 * @throws InputError `bad-config` naming the variable, never its value
 */
export function readApiKey({ apiKeyEnv: variable }: Pick<Endpoint, 'apiKeyEnv'>): string | undefined {
  if (variable === undefined) return undefined;
  const key = process.env[variable]?.trim();
  if (!key) throw badKey(variable, 'nothing', 'Set it, or remove apiKeyEnv.');
  // The header would be refused with the key in the message.
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw badKey(variable, 'characters that a header cannot hold', 'Set it to the key alone.');
  }
  registerSecret(key);
  return key;
}

/** A command that sends nothing needs no key. */
export function isKeySet({ apiKeyEnv: variable }: Pick<Endpoint, 'apiKeyEnv'>): boolean {
  return variable === undefined || Boolean(process.env[variable]?.trim());
}

function badKey(variable: string, found: string, fix: string): InputError {
  const where = `environment variable ${variable}`;
  return new InputError({ code: 'bad-config', where, expected: 'an API key', found, fix });
}
