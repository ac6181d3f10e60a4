// Figures of a measure: said, and where WEFT_MEASURES names a file put there, a line of
// JSON each (bench/first_day gathers them).
import { appendFileSync } from 'node:fs';

export function note(measure, ours, unit, words = measure) {
  console.log(`${words.padEnd(44)} ${String(ours).padStart(9)} ${unit}`);
  if (process.env.WEFT_MEASURES) appendFileSync(process.env.WEFT_MEASURES, `${JSON.stringify({ measure, ours, unit })}\n`);
}

export const median = (all) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)];
