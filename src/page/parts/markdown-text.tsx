import { h } from 'preact';
import { type MarkdownNode, markdownNodes } from '../content/pair/markdown-nodes.ts';
import { Quoted, Visible } from './shown-text.tsx';

/** A text with its Markdown drawn; one that is too long or too deep stands as it is. */
export function MarkdownText({ text }: { text: string }) {
  const nodes = markdownNodes(text);
  if (nodes === undefined)
    return (
      <>
        <p class="muted">Too long or too deep to be formatted: the text stands as it is.</p>
        <Quoted text={text} />
      </>
    );
  return (
    <div dir="auto" class="formatted">
      <Nodes nodes={nodes} />
    </div>
  );
}

function Nodes({ nodes }: { nodes: readonly MarkdownNode[] }) {
  return (
    <>
      {nodes.map((node, index) =>
        typeof node === 'string' ? (
          <Visible key={index} text={node} />
        ) : (
          h(node.tag, { key: index }, node.children.length > 0 && <Nodes nodes={node.children} />)
        ),
      )}
    </>
  );
}
