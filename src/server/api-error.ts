/** What a client gets instead of an answer, in OpenAI's form. */
export class ApiError extends Error {
  readonly status: 400 | 401 | 403 | 404 | 405 | 413 | 415 | 429 | 500 | 503;
  readonly code: string;
  /** The key of the request that is wrong. */
  readonly param: string | null;

  /** @param message one line: what was expected, and what was found */
  constructor(status: ApiError['status'], code: string, message: string, param: string | null = null) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.param = param;
  }

  get body() {
    const { message, type, param, code } = this;
    return { error: { message, type, param, code } };
  }

  get type(): string {
    if (this.status === 429) return 'rate_limit_error';
    return this.status >= 500 ? 'server_error' : 'invalid_request_error';
  }
}

/** @param param the key that is wrong */
export function badRequest(message: string, param: string | null = null, code = 'invalid_value'): ApiError {
  return new ApiError(400, code, message, param);
}
