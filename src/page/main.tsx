import { render } from 'preact';
import { App } from './app.tsx';
import { readEmbedded } from './engine/embedded.ts';
import { startEngine } from './engine/engine.ts';
import { loadResults } from './engine/load.ts';
import './style.css';

const root = document.getElementById('page')!;

async function start(): Promise<void> {
  // Side by side: the results are unpacked while SQLite starts.
  const results = readEmbedded('results');
  const engine = await startEngine(readEmbedded('sqlite'));
  const loaded = await loadResults(engine, await results);
  root.replaceChildren();
  render(<App engine={engine} loaded={loaded} />, root);
}

start().catch((error: Error) => {
  root.replaceChildren(
    Object.assign(document.createElement('p'), { role: 'alert', textContent: error.message }),
  );
});
