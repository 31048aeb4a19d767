import { InputError } from '../../core/errors.ts';
import { ApiError } from '../api-error.ts';

/** Any error as an answer; of a bug the client learns no more than that there is one. */
export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof InputError) return new ApiError(500, error.code, error.message);
  return new ApiError(500, 'internal_error', 'the server failed; its terminal has the reason');
}
