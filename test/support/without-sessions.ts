import { InferenceSession } from 'onnxruntime-node';

/** Loaded before each unit test: a session takes all cores and seconds, and others run beside it. */
InferenceSession.create = () => {
  throw new Error('A unit test opens no session: list its file under SLOW in vitest.config.ts');
};
