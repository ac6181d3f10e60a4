// Lists as somebody likes them: which view, its order, its filters, the columns left out.
// They stay in this browser, a user's own; a filter that names a person is never kept.
import { signal } from '@preact/signals';

export interface Saved { name: string; values: Record<string, string>; hidden: string[] }

const keyOf = (user: string): string => `weft-lists/${user}`;
const most = 50;

export const saved = signal<Saved[]>([]);

export function readSaved(user: string): void {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(user)) ?? '[]') as unknown;
    saved.value = Array.isArray(kept) ? (kept as Saved[]).filter((one) => typeof one.name === 'string' && Array.isArray(one.hidden)) : [];
  } catch {
    saved.value = [];
  }
}

function keep(user: string, all: Saved[]): void {
  saved.value = all;
  localStorage.setItem(keyOf(user), JSON.stringify(all));
}

// One of the same name is replaced.
export function saveList(user: string, one: Saved): void {
  keep(user, [...saved.value.filter((other) => other.name !== one.name), one].slice(-most));
}

export function dropList(user: string, name: string): void {
  keep(user, saved.value.filter((one) => one.name !== name));
}
