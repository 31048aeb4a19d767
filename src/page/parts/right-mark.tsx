/** Nothing where the right answer is not known. */
export function RightMark({ correct }: { correct: number | null }) {
  if (correct === null) return null;
  const word = correct === 1 ? 'right' : 'wrong';
  return (
    <>
      <span class={correct === 1 ? 'good' : 'bad'} role="img" aria-label={word} title={word}>
        {correct === 1 ? '✓' : '✗'}
      </span>{' '}
    </>
  );
}
