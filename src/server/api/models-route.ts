import type { Context } from 'hono';
import type { DynamicSettings } from '../../engine/dynamic/generate-any.ts';
import type { Manifest } from '../../model/folder/manifest.ts';
import { executionProvider } from '../../model/folder/provider.ts';
import { modelSize } from '../../model/folder/sizes/model-size.ts';
import { SERVER_API_VERSION } from '../../sources/served/server-api.ts';
import { machineName } from '../../worker/machine-name.ts';
import type { Serving } from '../request/serving.ts';
import { findSubModel, type SubModel } from '../served-models.ts';

/** `GET /v1/models` */
export function modelsRoute(context: Context, serving: Serving): Response {
  const data = serving.models.subModels.map((subModel) => describe(subModel, serving.startedAt));
  return context.json({ object: 'list', data });
}

/** `GET /v1/models/<id>` */
export function modelRoute(context: Context, serving: Serving): Response {
  const subModel = findSubModel(serving.models, context.req.param('id') ?? '');
  return context.json(describe(subModel, serving.startedAt));
}

function describe({ id, model, exit, dynamic }: SubModel, created: number) {
  const { manifest, name, chat } = model;
  return {
    ...{ id, object: 'model', created, owned_by: 'sorted-eval', root: name },
    ...depthOf(exit, dynamic),
    exits: manifest.exits,
    layers: manifest.architecture.layers,
    kind: manifest.kind,
    precision: manifest.precision,
    weights_sha256: model.weightsSha256,
    max_model_len: manifest.architecture.contextLength,
    has_chat_template: !(chat instanceof Error),
    sorted_api: SERVER_API_VERSION,
    features: [],
    engine: `onnxruntime/${executionProvider()}`,
    device: machineName(),
    vocab_size: manifest.architecture.vocabSize,
    tokenizer_sha256: model.tokenizerSha256,
    system_fingerprint: model.fingerprint,
    ...sizesOf(manifest),
  };
}

/** Speculative decoding has the answers of the deepest exit. */
function depthOf(exit: number, { adaptive, speculative }: DynamicSettings = {}) {
  if (speculative) return { exit, speculative };
  if (!adaptive) return { exit };
  const { threshold, confidence, skipped } = adaptive;
  return { adaptive: threshold, confidence, ...(skipped && { skipped }) };
}

function sizesOf(manifest: Manifest) {
  const { bodyParameters, embeddingParameters, headParameters, extraHeadParameters, ...bytes } =
    modelSize(manifest);
  return {
    parameters: {
      body: bodyParameters,
      embedding: embeddingParameters,
      head: headParameters,
      extra_heads: extraHeadParameters,
    },
    weight_bytes: bytes.weightBytes,
    extra_head_bytes: bytes.extraHeadBytes,
  };
}
