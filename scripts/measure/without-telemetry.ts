/** Imported before `onnxruntime-node`, which reads the variable as it loads. */
import { withoutTelemetry } from '../../src/core/runtime/telemetry.ts';

withoutTelemetry();
