import { readFileSync } from 'node:fs';
import type { Instruction } from '../core/domain.ts';
import { sha256 } from '../core/sha256.ts';
import { type RecordedAnswers, readRecordedAnswers } from '../data/recorded-answers.ts';
import { type Endpoint, endpointIdentity } from './http/endpoint.ts';
import type { ExtraBody } from './http/openai.ts';
import type { AnswersModelConfig, EndpointModelConfig } from './source-schemas.ts';
import type { BaseModel } from './sweep-models.ts';

/** Each exit is a model of a server. */
export interface EndpointModel extends BaseModel {
  readonly source: 'endpoint';
  readonly servers: ReadonlyMap<number, { readonly endpoint: Endpoint; readonly model: string }>;
  readonly extraBody: ExtraBody | undefined;
}

/** Answers that were given earlier. */
export interface RecordedModel extends BaseModel {
  readonly source: 'answers';
  readonly answers: RecordedAnswers;
}

/** Nothing is sent before the model is asked. */
export function prepareEndpoint(
  name: string,
  { endpoint, label, exits, extraBody }: EndpointModelConfig,
): EndpointModel {
  const servers = Object.entries(exits).map(([exit, place]) => {
    const { model, baseUrl = endpoint.baseUrl } = typeof place === 'string' ? { model: place } : place;
    return [Number(exit), { endpoint: { ...endpoint, baseUrl }, model }] as const;
  });
  const keys = servers.map(([exit, server]) => {
    const identity = endpointIdentity(server.endpoint, server.model);
    return [exit, sha256(JSON.stringify({ kind: 'http answerer', ...identity }))] as const;
  });
  return {
    source: 'endpoint',
    name,
    label: label ?? name,
    exits: servers.map(([exit]) => exit),
    keys: new Map(keys),
    servers: new Map(servers),
    extraBody,
  };
}

/** @throws InputError where a file is not what it should be */
export function prepareAnswers(
  name: string,
  { answers: files, label }: AnswersModelConfig,
  instructions: readonly Instruction[],
): RecordedModel {
  const ids = instructions.map(({ id }) => id);
  const read =
    typeof files === 'string'
      ? readWithKeys(files, undefined, ids)
      : Object.entries(files).flatMap(([exit, file]) => readWithKeys(file, Number(exit), ids));
  read.sort((left, right) => left.exit - right.exit);
  return {
    source: 'answers',
    name,
    label: label ?? name,
    exits: read.map(({ exit }) => exit),
    keys: new Map(read.map(({ exit, key }) => [exit, key])),
    answers: new Map(read.map(({ exit, texts }) => [exit, texts])),
  };
}

/** The answers of a file by exit, each with the key of what it holds. */
function readWithKeys(path: string, exit: number | undefined, ids: readonly string[]) {
  const answers = readRecordedAnswers(path, exit, ids);
  const file = sha256(readFileSync(path));
  return [...answers].map(([ofExit, texts]) => ({
    exit: ofExit,
    texts,
    // A list of texts means other answers with every other set.
    key: sha256(JSON.stringify({ kind: 'recorded answers', file, exit: ofExit, ids })),
  }));
}
