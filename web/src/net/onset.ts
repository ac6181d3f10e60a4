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
// `each`: how many cases a square stands for, so that the highest day has six.
export function curveOf(cases: { onset: string; category: Category }[], today: string): { days: OnsetDay[]; each: number } {
  const until = Date.parse(`${today}T00:00:00Z`), days: OnsetDay[] = [];
  const first = cases.reduce((least, one) => Math.min(least, Date.parse(`${one.onset}T00:00:00Z`)), until - 7 * 86400e3);
  for (let at = Math.max(first, until - 20 * 86400e3); at <= until; at += 86400e3) {
    const day = new Date(at).toISOString().slice(0, 10), those = cases.filter((one) => one.onset === day);
    days.push({ day, counts: countOf(those), all: those.length, complete: at < until - 2 * 86400e3 });
  }
  return { days, each: Math.ceil(Math.max(1, ...days.map((one) => one.all)) / 6) };
}
