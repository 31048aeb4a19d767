import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Answer, post } from '../served.ts';
import { KEY, type TestedServer } from './servers.ts';

export type Json = Record<string, unknown>;
export interface Refused {
  readonly error: { readonly message: string; readonly code: string };
}

/** Exits of the nano models. */
export const EXITS = [3, 4, 5, 6, 7, 8, 9, 10];
export const authorization = `Bearer ${KEY}`;

export interface IdsCase {
  readonly prompt: string;
  readonly prompt_ids: number[];
  readonly exits: Record<string, number[]>;
}

export function golden<Case>(name: string): Case[] {
  const file = join(import.meta.dirname, '..', '..', 'golden', `${name}.json`);
  return JSON.parse(readFileSync(file, 'utf8')).cases;
}

/** What PyTorch makes of a prompt at each exit of `soft`. */
export const soft = (index: number) => golden<IdsCase>('nano-soft')[index]!;

/** Requests to the server of a suite, which is open when its tests run. */
export function asking(open: () => TestedServer) {
  const ask = async <Body>(path: string, body: unknown, init: RequestInit = {}) => {
    const response = await post(open().url, path, body, { headers: { authorization }, ...init });
    return { status: response.status, body: (await response.json()) as Body };
  };
  const get = async <Body>(path: string, headers: Record<string, string> = { authorization }) => {
    const response = await fetch(`${open().url}${path}`, { headers });
    return { status: response.status, body: (await response.json()) as Body };
  };
  const complete = async (body: object) => (await ask<Answer>('/v1/completions', body)).body;
  const featuresOf = async (model: string) =>
    (await get<{ features: string[] }>(`/v1/models/${model}`)).body.features;
  return { ask, get, complete, featuresOf };
}
