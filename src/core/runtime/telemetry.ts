/**
 * From 1.29 on, ONNX Runtime's packages for Linux and macOS tell Microsoft which models they run: names of files, hashes of weights,
 * times, errors. Here they tell nothing, unless the variable has a value already. ONNX Runtime reads it as it loads; in a
 * worker thread, whose `process.env` is a copy, it is too late to set it.
 */
export function withoutTelemetry(): void {
  process.env['ORT_DISABLE_TELEMETRY'] ??= '1';
}
