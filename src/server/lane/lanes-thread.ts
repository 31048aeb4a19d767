/** A thread of the server: the event loop answers while this one computes. */
import { parentPort, workerData } from 'node:worker_threads';
import { openTokenizer, type Tokenizer } from '../../model/tokenizer/tokenizer.ts';
import { toSentError } from '../../worker/job-messages.ts';
import type { FromLanes, LaneSettings, NewTokens, ThreadSettings, ToLanes } from './asked.ts';
import { Lane } from './lane.ts';
import { type LaneModel, openLaneModel } from './lane-model.ts';
import { ServedPrompt } from './served-prompt.ts';

interface OpenLane {
  readonly lane: Lane;
  readonly tokenizer: Tokenizer;
  readonly asked: Map<number, ServedPrompt>;
  readonly ended: Promise<void>;
}

const send = (message: FromLanes) => parentPort!.postMessage(message);
const models: LaneModel[] = [];
const lanes: OpenLane[] = [];

void openAll(workerData as ThreadSettings);

async function openAll(settings: ThreadSettings): Promise<void> {
  try {
    for (const own of settings.models) models.push(await openLaneModel(own));
    const tokenizers = models.map(({ model }) => openTokenizer(model.folder));
    for (const own of settings.lanes) lanes.push(start(own, models[own.model]!, tokenizers[own.model]!));
    parentPort!.on('message', follow);
    send({ type: 'open' });
  } catch (error) {
    send({ type: 'failed', id: undefined, error: toSentError(error) });
  }
}

function start(settings: LaneSettings, model: LaneModel, tokenizer: Tokenizer): OpenLane {
  const asked = new Map<number, ServedPrompt>();
  const lane = new Lane(settings, model, () => asked.size);
  return { lane, tokenizer, asked, ended: run(lane, asked) };
}

/** A failure ends all answers of the batch; the next ones have a batch of their own. */
async function run(lane: Lane, asked: Map<number, ServedPrompt>): Promise<void> {
  while (true) {
    try {
      for await (const { prompt, answer } of lane.run()) {
        asked.delete(prompt.id);
        send({ type: 'answered', id: prompt.id, answer });
      }
      return;
    } catch (error) {
      for (const prompt of asked.values()) {
        prompt.isCancelled = true;
        send({ type: 'failed', id: prompt.id, error: toSentError(error) });
      }
      asked.clear();
    }
  }
}

function follow(message: ToLanes): void {
  if (message.type === 'ask') ask(message);
  else if (message.type === 'cancel') cancel(message.id);
  else void close();
}

function ask({ id, prompt }: Extract<ToLanes, { type: 'ask' }>): void {
  const { lane, tokenizer, asked } = lanes[prompt.lane]!;
  const onTokens = (tokens: NewTokens) => send({ type: 'tokens', id, tokens });
  const served = new ServedPrompt(id, prompt, { decode: tokenizer.decode, onTokens });
  asked.set(id, served);
  lane.line.add(served);
}

function cancel(id: number): void {
  for (const { asked } of lanes) {
    const prompt = asked.get(id);
    if (prompt) prompt.isCancelled = true;
    asked.delete(id);
  }
}

async function close(): Promise<void> {
  for (const { lane } of lanes) lane.line.close();
  for (const { ended } of lanes) await ended;
  for (const { model } of models) await model.close();
  send({ type: 'closed' });
  parentPort!.close();
}
