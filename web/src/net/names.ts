// What an area is called: its name, where the city was told one (grid.renamed); else the
// part of its code that tells it from its neighbours. The whole code stands in lists.
import { computed, signal } from '@preact/signals';
import { ask } from '../base/ask';
import { say } from '../base/words';

interface Named { grid: string; name: string }
interface Page { rows: Named[]; next?: string }

const names = signal<ReadonlyMap<string, string>>(new Map());

// Names come with the figures or a moment later. Until then nothing stands in their place: a
// code that turns into a name under one's eyes is read twice. On a network so slow that
// nobody would wait for them codes are better than nothing.
const patience = 2000; // ms
const arriving = signal(false);
export const namesArrive = computed(() => arriving.value);

// Reads the names of all areas anew; those of a page are shown with the page. Without them
// codes are shown: nothing is refused here that a page would have to say.
export async function readNames(): Promise<void> {
  const found = new Map<string, string>(), first = names.value.size === 0;
  const late = window.setTimeout(() => { arriving.value = false; }, patience);
  let after = '';
  if (first) arriving.value = true;
  try {
    do {
      const page: Page = await ask(`/v1/views/register/grids?limit=1000${after ? `&after=${after}` : ''}`);
      for (const one of page.rows) found.set(one.grid, one.name);
      if (first) names.value = new Map(found);
      after = page.next ?? '';
    } while (after);
    names.value = found;
  } catch { /* what was known stays */ }
  window.clearTimeout(late);
  arriving.value = false;
}

// Areas whose name holds the text, or whose code begins so; the widest first.
export function areasOf(text: string, most: number): Named[] {
  const low = text.toLowerCase(), found: Named[] = [];
  for (const [grid, name] of names.value)
    if (name.toLowerCase().includes(low) || grid.startsWith(text)) found.push({ grid, name });
  return found.sort((a, b) => a.grid.length - b.grid.length || (a.grid < b.grid ? -1 : 1)).slice(0, most);
}

// Whether the text is the whole code of an area of the country, named here or not: county,
// town or village, of a province that there is, or of a drill.
export const isAreaCode = (text: string): boolean => /^(1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12]|99)\d{4}(\d{3}){0,2}$/.test(text);

// Undefined where the city was told none.
export const nameOf = (grid: string): string | undefined => names.value.get(grid);

// Empty while names arrive.
export function placeName(grid: string): string {
  if (grid === '') return say('wall.place.unknown');
  const name = names.value.get(grid);
  if (name) return name;
  if (arriving.value) return '';
  if (grid.length === 9) return say('wall.place.town', { code: grid.slice(6) });
  if (grid.length === 12) return say('wall.place.village', { code: grid.slice(9) });
  return say('wall.place.wider', { code: grid });
}
