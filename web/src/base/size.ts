// How large letters are: the browser's own setting, and twice that on a screen of 4K
// (page.css), as a multiple of the usual 16 px. Style sheets follow it by rem and em; the
// wall, which is measured in px, by its zoom (wall.css); what libraries measure asks here.
import { signal, useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

const usual = 16;

export const textScale = (): number => (parseFloat(getComputedStyle(document.documentElement).fontSize) || usual) / usual;

function note(): void {
  document.documentElement.style.setProperty('--text-zoom', String(textScale()));
}

// For a setting that is changed while the page is open there is no event but this one.
export function mindSize(): void {
  note();
  window.addEventListener('resize', note);
}

// As narrow as a telephone, where style sheets fold what they can (page.css); a page that is
// drawn twice as large is so with twice as many em. A sheet is no telephone, however narrow:
// nobody opens there what is folded.
const telephone = window.matchMedia('screen and (max-width: 45em), screen and (min-width: 3000px) and (max-width: 90em)');
export const narrow = signal(telephone.matches);
telephone.addEventListener('change', () => { narrow.value = telephone.matches; });
window.addEventListener('beforeprint', () => { narrow.value = false; });
window.addEventListener('afterprint', () => { narrow.value = telephone.matches; });

// How many points of usual letters an element is wide, followed as it changes. A picture
// whose viewBox is as wide has letters as large as those beside it, on every screen; on paper
// it becomes smaller as a whole.
export function useRoom(of: RefObject<HTMLElement | null>, before: number): number {
  const room = useSignal(before);
  useLayoutEffect(() => {
    const place = of.current;
    if (!place) return undefined;
    const measure = (): void => {
      if (place.clientWidth > 0) room.value = Math.round(place.clientWidth / textScale());
    };
    measure();
    const sizes = new ResizeObserver(measure);
    sizes.observe(place);
    return () => sizes.disconnect();
  }, []);
  return room.value;
}

// How wide a text is about, in letters of so many points: a Chinese letter is as wide as it
// is high, others somewhat more than half of that.
export const textRoom = (text: string, letters: number): number =>
  [...text].reduce((sum, one) => sum + (one.charCodeAt(0) > 0x2e7f ? letters : letters * .6), 0);

// What of a text has room; nothing where that would be a letter or two.
export function fitted(text: string, room: number, letters: number): string {
  if (textRoom(text, letters) <= room) return text;
  const all = [...text];
  for (let count = all.length - 1; count > 1; count--) {
    const cut = `${all.slice(0, count).join('')}…`;
    if (textRoom(cut, letters) <= room) return cut;
  }
  return '';
}
