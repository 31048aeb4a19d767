import { render } from 'preact';
import { FONT_BOLD, FONT_FAMILY, FONT_REGULAR } from '../figures/chart/style.ts';
import { App } from './app.tsx';
import { readEmbedded } from './engine/embedded.ts';
import { startEngine } from './engine/engine.ts';
import { loadResults } from './engine/load.ts';
import './theme.css';
import './style.css';
import './depths.css';
import './headline.css';
import './sql.css';
import './reading.css';

const FONT_WEIGHTS = [FONT_REGULAR, FONT_BOLD];

const root = document.getElementById('page')!;

async function start(): Promise<void> {
  // Side by side: the results are unpacked, and the charts' letters read, while SQLite starts.
  const results = readEmbedded('results');
  const letters = Promise.all(
    FONT_WEIGHTS.map((weight) => document.fonts.load(`${weight} 1em "${FONT_FAMILY}"`)),
  );
  const engine = await startEngine(readEmbedded('sqlite'));
  const loaded = await loadResults(engine, await results);
  // A chart that is drawn before has other letters, and keeps them.
  await letters;
  root.replaceChildren();
  render(<App engine={engine} loaded={loaded} />, root);
}

start().catch((error: Error) => {
  root.replaceChildren(
    Object.assign(document.createElement('p'), { role: 'alert', textContent: error.message }),
  );
});
