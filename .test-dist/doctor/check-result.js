/**
 * Runs one check: what it gives back is what was found; what it throws is what is wrong and what to do about it.
 * @throws when the check was interrupted
 */
export async function check(name, find) {
    try {
        return { name, passed: true, detail: await find() };
    }
    catch (error) {
        const { name: kind, message } = error;
        if (kind === 'AbortError')
            throw error;
        return { name, passed: false, detail: message };
    }
}
