// Samples and results by quarter of an hour, as the view testing/pace has them by town.
export interface Quarter { quarter: string; samples_taken: number; samples_resulted: number }

// Quarters of an hour, of all towns together, from the first that has something to the last
// that is over by `now`; one without rows has nothing. `cut`: there are more rows, so that
// the oldest quarter may lack some of its own.
export function quartersOf(rows: Quarter[], now: number, cut: boolean): { times: number[]; taken: number[]; resulted: number[] } {
  const quarter = 900, known = new Map<number, { taken: number; resulted: number }>();
  for (const one of rows) {
    const at = Date.parse(one.quarter) / 1000, sum = known.get(at) ?? { taken: 0, resulted: 0 };
    known.set(at, { taken: sum.taken + one.samples_taken, resulted: sum.resulted + one.samples_resulted });
  }
  const first = [...known.keys()].reduce((least, at) => Math.min(least, at), Infinity) + (cut ? quarter : 0);
  const times: number[] = [];
  for (let at = first; at + quarter <= now; at += quarter) times.push(at);
  return { times, taken: times.map((at) => known.get(at)?.taken ?? 0), resulted: times.map((at) => known.get(at)?.resulted ?? 0) };
}
