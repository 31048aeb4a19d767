import { useEffect, useState } from 'preact/hooks';
import { isSameHash, judgePrompt, promptNote } from '../../content/pair/judge-prompt.ts';
import { Quoted } from '../../parts/shown-text.tsx';
import type { ResponseDetail, VerdictRow } from '../../queries/cell-query.ts';

interface PairPromptProps {
  readonly verdict: VerdictRow;
  readonly responses: readonly [a: ResponseDetail, b: ResponseDetail];
}

/** What the judge read, whole; it is made when the reader opens it. */
export function PairPrompt({ verdict, responses }: PairPromptProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>The judge's whole prompt</summary>
      {isOpen && <Prompt verdict={verdict} responses={responses} />}
    </details>
  );
}

function Prompt({ verdict, responses }: PairPromptProps) {
  const prompt = judgePrompt(verdict, responses);
  const sha256 = useSha256(prompt ?? '');
  if (prompt === undefined) return <p>Its protocol is not one of this page.</p>;
  return (
    <>
      <p class="muted">
        {promptNote(verdict, sha256 === undefined ? undefined : isSameHash(sha256, verdict.promptSha256))}
      </p>
      <Quoted text={prompt} />
    </>
  );
}

/** Hex digits; `undefined` before it is computed, and where the browser computes none: a page from another machine without TLS. */
function useSha256(text: string): string | undefined {
  const [hex, setHex] = useState<string>();
  useEffect(() => {
    const bytes = new TextEncoder().encode(text);
    void globalThis.crypto?.subtle
      ?.digest('SHA-256', bytes)
      .then((hash) => setHex(Array.from(new Uint8Array(hash), hexByte).join('')));
  }, [text]);
  return hex;
}

function hexByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
