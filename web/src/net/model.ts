// The net as data: what the city holds and where it is torn. Both faces, the cloth
// (where) and the loom (when), draw this and nothing else. No DOM, no clock: `now` is the
// city's, in seconds.
import type { AsOf } from '../base/ask';

// Holes of a grid, kind and owner: since, due and count of one step of time, then of the
// next, in seconds after `from` of the answer.
export interface Spans { grid: string; kind: string; owner: string; spans: number[] }
export interface People { grid: string; present: number; sampled: number; explained: number; missing: number }
export interface Funnel {
  grid: string; level: string;
  named: number; confirmed: number; reached: number; placed: number; tested: number; converted: number;
}
export interface NetAnswer {
  rows: Spans[]; from: string; grid: string; level: 'town' | 'village'; step_s: number; not_asked: number;
  population: People[]; contacts?: Funnel[]; as_of: AsOf; complete: boolean;
}

// Red is time, and nothing else: what is overdue, or has minutes left.
export type Urgency = 'overdue' | 'minutes' | 'soon' | 'later';
export const minutesLeft = 15 * 60, soonLeft = 2 * 3600;

export function urgencyOf(due: number, now: number): Urgency {
  if (due <= now) return 'overdue';
  return due - now <= minutesLeft ? 'minutes' : due - now <= soonLeft ? 'soon' : 'later';
}
export const isAlarm = (urgency: Urgency): boolean => urgency === 'overdue' || urgency === 'minutes';

export interface Hole { grid: string; kind: string; owner: string; since: number; due: number; count: number; urgency: Urgency }
export interface Counts { open: number; overdue: number; minutes: number; soon: number; later: number }
export interface Town extends Counts {
  grid: string;
  present: number; sampled: number; explained: number; missing: number;
  confirmed: number; reached: number; placed: number; tested: number;
  holes: Hole[]; // the one that is due first comes first
}
export interface Group extends Counts { owner: string }
export interface Net {
  towns: Town[];      // by code
  wider: Hole[];      // holes of which no town is known
  groups: Group[];    // those with holes, in the order of work
  kinds: Map<string, Counts>; // the same by kind
  all: Town;          // the sums, "" as grid; without the holes, which are the towns'
  made: Map<string, Made>; // for the next answer: by grid, kind and owner
}

const order = ['case', 'tracing', 'isolation', 'medical', 'testing', 'order', 'register', 'command', 'auditor'];
const placeOf = (owner: string) => (order.indexOf(owner) + 1 || order.length + 1);

const noCounts = (): Counts => ({ open: 0, overdue: 0, minutes: 0, soon: 0, later: 0 });

function count<To extends Counts>(to: To, hole: Hole): void {
  to.open += hole.count;
  to[hole.urgency] += hole.count;
}

const emptyTown = (grid: string): Town => ({
  grid, present: 0, sampled: 0, explained: 0, missing: 0, confirmed: 0, reached: 0, placed: 0, tested: 0, holes: [], ...noCounts(),
});

const figures = ['present', 'sampled', 'explained', 'missing'] as const;
// General contacts are told, not followed: the net is of those who have to be reached.
const followed = ['close', 'secondary'];
const stages = ['confirmed', 'reached', 'placed', 'tested'] as const;

const holesAre = (a: Hole[], b: Hole[]): boolean => a.length === b.length && a.every((one, at) => one === b[at]);
const townFigures = [...figures, ...stages] as const;

// What is as it was is the very same object, so that whoever draws it need not.
function keep(town: Town, before: Town | undefined): Town {
  if (!before || !holesAre(town.holes, before.holes)) return town;
  if (townFigures.every((name) => town[name] === before[name])) return before;
  return { ...town, holes: before.holes };
}

// Holes of one row of the answer, and until when they are as urgent as they are.
interface Made { spans: number[]; origin: number; at: number; until: number; holes: Hole[] }

const changesAt = (due: number, now: number): number => {
  const left = due - now;
  return left > soonLeft ? due - soonLeft : left > minutesLeft ? due - minutesLeft : left > 0 ? due : Infinity;
};

// Most rows of an answer are as they were in the one before: their holes are not made anew.
function holesOf(row: Spans, origin: number, now: number, before: Made | undefined): Made {
  const { spans } = row;
  if (before && before.origin === origin && before.at <= now && now < before.until
    && spans.length === before.spans.length && spans.every((one, at) => one === before.spans[at])) return before;
  const holes: Hole[] = [];
  let until = Infinity;
  for (let at = 0; at + 2 < spans.length; at += 3) {
    const due = origin + spans[at + 1]!;
    holes.push({ grid: row.grid, kind: row.kind, owner: row.owner, since: origin + spans[at]!, due, count: spans[at + 2]!, urgency: urgencyOf(due, now) });
    until = Math.min(until, changesAt(due, now));
  }
  return { spans, origin, at: now, until, holes };
}

// `before`: what was shown until now, or null.
export function netOf(answer: NetAnswer, now: number, before: Net | null = null): Net {
  const size = answer.level === 'town' ? 9 : 12;
  const towns = new Map<string, Town>(), groups = new Map<string, Group>();
  const all = emptyTown(answer.grid), wider: Hole[] = [], kinds = new Map<string, Counts>();
  const made = new Map<string, Made>(), origin = Date.parse(answer.from) / 1000;
  const townOf = (grid: string) => {
    let town = towns.get(grid);
    if (!town) towns.set(grid, town = emptyTown(grid));
    return town;
  };
  for (const row of answer.population)
    for (const name of figures) {
      if (row.grid.length === size) townOf(row.grid)[name] += row[name];
      all[name] += row[name];
    }
  for (const row of answer.contacts ?? [])
    if (followed.includes(row.level))
      for (const name of stages) {
        if (row.grid.length === size) townOf(row.grid)[name] += row[name];
        all[name] += row[name];
      }
  for (const row of answer.rows) {
    const town = row.grid.length === size ? townOf(row.grid) : null, to = town?.holes ?? wider;
    let group = groups.get(row.owner), kind = kinds.get(row.kind);
    if (!group) groups.set(row.owner, group = { owner: row.owner, ...noCounts() });
    if (!kind) kinds.set(row.kind, kind = noCounts());
    const key = `${row.grid} ${row.kind} ${row.owner}`, one = holesOf(row, origin, now, before?.made.get(key));
    made.set(key, one);
    for (const hole of one.holes) {
      to.push(hole);
      if (town) count(town, hole);
      count(group, hole);
      count(kind, hole);
      count(all, hole);
    }
  }
  const byDue = (a: Hole, b: Hole) => a.due - b.due;
  for (const one of towns.values()) one.holes.sort(byDue);
  wider.sort(byDue);
  const known = new Map((before?.towns ?? []).map((one) => [one.grid, one]));
  return {
    towns: [...towns.values()].sort((a, b) => (a.grid < b.grid ? -1 : 1)).map((one) => keep(one, known.get(one.grid))),
    wider: before && holesAre(wider, before.wider) ? before.wider : wider,
    groups: [...groups.values()].sort((a, b) => placeOf(a.owner) - placeOf(b.owner) || (a.owner < b.owner ? -1 : 1)),
    kinds,
    made,
    all,
  };
}

// A tear: the open holes of one work group in one town, the worst first.
export interface Tear extends Counts { grid: string; owner: string; holes: Hole[]; due: number; since: number }

// Of the holes of a town, which are the same array until one of them changes.
const torn = new WeakMap<Hole[], Tear[]>();

export function tearsOf(town: { grid: string; holes: Hole[] }): Tear[] {
  const known = torn.get(town.holes);
  if (known) return known;
  const tears = new Map<string, Tear>();
  for (const hole of town.holes) {
    let tear = tears.get(hole.owner);
    if (!tear) tears.set(hole.owner, tear = { grid: town.grid, owner: hole.owner, holes: [], due: hole.due, since: hole.since, ...noCounts() });
    tear.holes.push(hole);
    tear.since = Math.min(tear.since, hole.since);
    count(tear, hole);
  }
  const sorted = [...tears.values()].sort((a, b) => a.due - b.due);
  torn.set(town.holes, sorted);
  return sorted;
}

// The tears of the whole net that a commander looks at first.
export function worstOf(net: Net, most: number): Tear[] {
  return [...net.towns.flatMap(tearsOf), ...tearsOf({ grid: '', holes: net.wider })].filter((one) => one.overdue + one.minutes > 0)
    .sort((a, b) => a.due - b.due || b.overdue - a.overdue || (a.grid < b.grid ? -1 : 1)).slice(0, most);
}

// What most of the holes of a tear that are as urgent as its worst are.
export function mainKind(tear: Tear): { kind: string; count: number } {
  const sums = new Map<string, number>(), urgency = tear.holes[0]?.urgency;
  for (const hole of tear.holes) if (hole.urgency === urgency) sums.set(hole.kind, (sums.get(hole.kind) ?? 0) + hole.count);
  const [kind, sum] = [...sums].sort((a, b) => b[1] - a[1])[0] ?? ['', 0];
  return { kind, count: sum };
}

// ---- time ----

export interface Day { from: number; now: number; to: number; rolls: boolean }

// The first 24 hours from when it began; later, or where nothing has begun, the last
// eighteen hours and the next six.
export function dayOf(began: number | null, now: number): Day {
  if (began !== null && now >= began && now - began <= 24 * 3600) return { from: began, now, to: began + 24 * 3600, rolls: false };
  return { from: now - 18 * 3600, now, to: now + 6 * 3600, rolls: true };
}

export const share = (part: number, of: number): number => (of > 0 ? Math.min(1, part / of) : 0);
