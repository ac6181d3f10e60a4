// Cases by the day of onset, and where each was before its swab: the four categories of
// cases/found, and what is not known.
export const categories = ['named_contact', 'zone', 'screening', 'clinic_or_self', 'unknown'] as const;
export type Category = typeof categories[number];
export const inControl: readonly Category[] = ['named_contact', 'zone'];

export interface OnsetDay { day: string; counts: Record<Category, number>; all: number; complete: boolean }

const none = (): Record<Category, number> => ({ named_contact: 0, zone: 0, screening: 0, clinic_or_self: 0, unknown: 0 });

// A word that this page does not know is not known.
export const categoryOf = (word: string): Category => categories.find((one) => one === word) ?? 'unknown';

export function countOf(found: { category: string }[]): Record<Category, number> {
  const counts = none();
  for (const one of found) counts[categoryOf(one.category)]++;
  return counts;
}

// A week at least, three weeks at most, up to today; the last three days are not complete.
// `each`: how many cases a square stands for, 1, 2, 5, 10 …, so that the highest day has six
// at most; `top`: the end of the scale, six squares high.
export interface OnsetCurve { days: OnsetDay[]; each: number; top: number }

export function curveOf(cases: { onset: string; category: Category }[], today: string): OnsetCurve {
  const until = Date.parse(`${today}T00:00:00Z`), days: OnsetDay[] = [];
  const first = cases.reduce((least, one) => Math.min(least, Date.parse(`${one.onset}T00:00:00Z`)), until - 7 * 86400e3);
  for (let at = Math.max(first, until - 20 * 86400e3); at <= until; at += 86400e3) {
    const day = new Date(at).toISOString().slice(0, 10), those = cases.filter((one) => one.onset === day);
    days.push({ day, counts: countOf(those), all: those.length, complete: at < until - 2 * 86400e3 });
  }
  const most = Math.max(0, ...days.map((one) => one.all));
  let each = 1;
  for (let step = 0; 6 * each < most; step++) each = [2, 5, 10][step % 3]! * 10 ** Math.floor(step / 3);
  return { days, each, top: 6 * each };
}

// The squares of a day from the ground up: as many as its cases need, and no more, so that
// they end where the scale says; of few cases in a square the first category has it.
export function squaresOf(day: OnsetDay, each: number): Category[] {
  let cases = 0, squares = 0;
  return categories.flatMap((one) => {
    cases += day.counts[one];
    const more = Math.ceil(cases / each) - squares;
    squares += more;
    return Array.from({ length: more }, () => one);
  });
}

// Shape and fill tell the category, so that it is seen without colour: full, half full;
// hollow, hollow and crossed; dashed. Paths in a square of one by one.
const whole = 'M0 0L1 0L1 1L0 1z';
export const markOf = (one: Category) => ({
  name: one, edge: whole, full: { named_contact: whole, zone: 'M0 1L0 0L1 1z', screening: '', clinic_or_self: '', unknown: '' }[one],
  cross: one === 'clinic_or_self' ? 'M0 0L1 1M1 0L0 1' : '', dyed: inControl.includes(one), dashed: one === 'unknown',
});
