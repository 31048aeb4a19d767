/** Paragraphs under a figure. */
export function Notes({ paragraphs }: { paragraphs: readonly string[] }) {
  return (
    <ul class="notes">
      {paragraphs.map((note) => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  );
}
