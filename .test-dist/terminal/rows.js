/** For formats that know neither blobs nor integers beyond 2^53: those become text, with every digit. */
export function plainValue(value) {
    if (typeof value === 'bigint')
        return String(value);
    return value instanceof Uint8Array ? `x'${Buffer.from(value).toString('hex')}'` : value;
}
