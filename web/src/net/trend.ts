// Figures as this window has seen them: the service keeps no history of what was open.
// They stay while the window is there, and begin anew with it.
export interface Seen { at: number; figures: Record<string, number> }

const kept = 'weft-wall-seen-2', most = 288, every = 300;

// By the grid that is shown.
let seen: Record<string, Seen[]> | null = null;

function read(): Record<string, Seen[]> {
  try {
    return JSON.parse(sessionStorage.getItem(kept) ?? '{}') as Record<string, Seen[]>;
  } catch {
    return {};
  }
}

// Kept when a point begins, and when the window leaves: writing all of them with each fact
// would be most of what a fact costs.
function write(): void {
  if (seen) sessionStorage.setItem(kept, JSON.stringify(seen));
}
window.addEventListener('pagehide', write);

// One point for each five minutes, the newest of them; a clock that went back begins anew.
export function note(grid: string, at: number, figures: Record<string, number>): Seen[] {
  seen ??= read();
  const all = seen[grid] ?? [], last = all[all.length - 1], before = last && last.at > at ? [] : all;
  const goesOn = last && before.length > 1 && Math.floor(last.at / every) === Math.floor(at / every);
  const points = [...(goesOn ? before.slice(0, -1) : before), { at, figures }].slice(-most);
  seen[grid] = points;
  if (!goesOn) write();
  return points;
}

// By how much a figure changed in the last hour, or since it was first seen.
export function change(points: Seen[], name: string): number {
  const last = points[points.length - 1];
  const first = last && points.find((one) => one.at > last.at - 3600);
  return last && first ? (last.figures[name] ?? 0) - (first.figures[name] ?? 0) : 0;
}

// As a curve has them: where the window saw nothing for a quarter of an hour the line is
// broken. What had nothing open was not noted: that is nought.
export function lineOf(points: Seen[], names: string[]): { times: number[]; values: (number | null)[][] } {
  const times: number[] = [], values: (number | null)[][] = names.map(() => []);
  points.forEach((one, at) => {
    const before = points[at - 1];
    if (before && one.at - before.at > 3 * every) {
      times.push(Math.round((before.at + one.at) / 2));
      for (const line of values) line.push(null);
    }
    times.push(one.at);
    names.forEach((name, line) => values[line]!.push(one.figures[name] ?? 0));
  });
  return { times, values };
}

// As Line has them.
export const pointsOf = (points: Seen[], name: string): string => points.map((one) => one.figures[name] ?? 0).join(' ');
