import { render } from 'preact';
import { App } from './app.tsx';
import { readEmbedded } from './embedded.ts';
import { startEngine } from './engine.ts';
import { loadResults } from './load.ts';
import './style.css';

const root = document.getElementById('page')!;

async function start(): Promise<void> {
  const wasm = await readEmbedded('sqlite');
  const engine = await startEngine(wasm!);
  const loaded = await loadResults(engine);
  root.replaceChildren();
  render(<App engine={engine} loaded={loaded} />, root);
}

start().catch((error: Error) => {
  root.replaceChildren(
    Object.assign(document.createElement('p'), { role: 'alert', textContent: error.message }),
  );
});
