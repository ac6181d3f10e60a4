// A picture that a library draws. The library is fetched when the first picture is shown:
// the figures stand there before it, the place is as large before as after, and where it
// does not come the figures are still there.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { say } from '../base/words';

export interface Picture<Data> { show: (data: Data) => void; end: () => void }
// `tell`: what a moved cursor stands on, for who hears the page instead of seeing it.
export type Draw<Data> = (place: HTMLElement, tell: (text: string) => void) => Picture<Data>;

// `text`: what the picture says, in words. `data` is drawn anew when it is another object.
export function Drawing<Data>({ fetch, data, text, kind }: { fetch: () => Promise<Draw<Data>>; data: Data; text: string; kind: string }) {
  const place = useRef<HTMLDivElement>(null), picture = useRef<Picture<Data> | null>(null), newest = useRef(data);
  const failed = useSignal(false), told = useSignal('');
  newest.current = data;
  useEffect(() => {
    let over = false;
    fetch().then((draw) => {
      if (over || !place.current) return;
      picture.current = draw(place.current, (to) => { told.value = to; });
      picture.current.show(newest.current);
    }, () => { failed.value = !over; });
    return () => {
      over = true;
      picture.current?.end();
      picture.current = null;
    };
  }, []);
  useEffect(() => { picture.current?.show(data); }, [data]);
  return (
    <div class={`drawn ${kind}`}>
      <div ref={place} class="drawn-place" role="img" tabIndex={0} aria-label={text} />
      <span class="unseen" role="status">{told.value}</span>
      {failed.value && <p class="soft">{say('wall.no_drawing')}</p>}
    </div>
  );
}

// The wall grows with the letters by its zoom; the place of a picture does not (wall.css),
// for a canvas has no more points than it was given, and a pointer is to be where it is.
// So many times as large is everything drawn there.
export const drawnScale = (): number => Number(getComputedStyle(document.documentElement).getPropertyValue('--wall-zoom') || 1);

// Arrows, Home and End lead from one of so many to another; Escape leaves them. Null: none.
export function byKeys(place: HTMLElement, count: () => number, go: (to: number | null) => void): () => void {
  let at: number | null = null;
  const key = (event: KeyboardEvent): void => {
    const last = count() - 1, step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || last < 0) return;
    if (step !== undefined) at = at === null ? last : Math.min(last, Math.max(0, at + step));
    else if (event.key === 'Home') at = 0;
    else if (event.key === 'End') at = last;
    else if (event.key === 'Escape' && at !== null) at = null;
    else return;
    event.preventDefault();
    event.stopPropagation();
    go(at);
  };
  const left = (): void => { at = null; go(null); };
  place.addEventListener('keydown', key);
  place.addEventListener('blur', left);
  return () => {
    place.removeEventListener('keydown', key);
    place.removeEventListener('blur', left);
  };
}
