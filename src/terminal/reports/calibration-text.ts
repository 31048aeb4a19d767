import type { Calibration } from '../../engine/calibrate/calibrate.ts';

/** What was found, and how a sweep file names it. */
export function calibrationText({ adaptive, share, answers, meanLayers, depth }: Calibration): string {
  const kept = `${(100 * share).toFixed(1)} % of ${answers} answers are those of full depth`;
  return `${kept}, at ${meanLayers.toFixed(2)} of ${depth} layers a token.\nexits: [ …, ${exitText(adaptive)} ]\n`;
}

function exitText({ threshold, confidence }: Calibration['adaptive']): string {
  const text =
    typeof threshold === 'number'
      ? `${threshold}`
      : `{ ${Object.entries(threshold)
          .map(([exit, value]) => `${exit}: ${value}`)
          .join(', ')} }`;
  if (confidence === 'margin') return `{ adaptive: { threshold: ${text}, confidence: margin } }`;
  return typeof threshold === 'number' ? `{ adaptive: ${text} }` : `{ adaptive: { threshold: ${text} } }`;
}
