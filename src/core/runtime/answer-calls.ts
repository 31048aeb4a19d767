/** The other side of a {@link Guard}: what its process runs, and may be ended in the middle of. */

/** Answers each call with what `answer` returns, or with the message of what it throws. */
export function answerCalls<Call>(answer: (call: Call) => unknown): void {
  process.on('message', (call: Call) => {
    try {
      process.send!({ value: answer(call) });
    } catch (error) {
      process.send!({ error: (error as Error).message });
    }
  });
  process.send!('ready');
}
