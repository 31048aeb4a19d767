import { readFileSync } from 'node:fs';
import { sha256 } from '../core/sha256.js';
import { readRecordedAnswers } from '../data/recorded-answers.js';
import { endpointIdentity } from './http/endpoint.js';
/** Nothing is sent before the model is asked. */
export function prepareEndpoint(name, { endpoint, label, exits, extraBody }) {
    const servers = Object.entries(exits).map(([exit, place]) => {
        const { model, baseUrl = endpoint.baseUrl } = typeof place === 'string' ? { model: place } : place;
        return [Number(exit), { endpoint: { ...endpoint, baseUrl }, model }];
    });
    const keys = servers.map(([exit, server]) => {
        const identity = endpointIdentity(server.endpoint, server.model);
        return [exit, sha256(JSON.stringify({ kind: 'http answerer', ...identity }))];
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
export function prepareAnswers(name, { answers: files, label }, instructions) {
    const ids = instructions.map(({ id }) => id);
    const read = typeof files === 'string'
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
function readWithKeys(path, exit, ids) {
    const answers = readRecordedAnswers(path, exit, ids);
    const file = sha256(readFileSync(path));
    return [...answers].map(([ofExit, texts]) => ({
        exit: ofExit,
        texts,
        // A list of texts means other answers with every other set.
        key: sha256(JSON.stringify({ kind: 'recorded answers', file, exit: ofExit, ids })),
    }));
}
