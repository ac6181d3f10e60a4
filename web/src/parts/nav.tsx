// The pages in the bar: as many as there is room for, the others behind one button, which
// says where one is when that page is among them.
import { signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { addressOf, path } from '../base/route';
import { language, say } from '../base/words';

export interface Link { name: string; title: string }

const from = signal(99); // the first that has no room

export function Nav({ links, current }: { links: Link[]; current: string }) {
  const box = useRef<HTMLDivElement>(null), more = useRef<HTMLDetailsElement>(null), names = links.map((one) => one.name).join(' ');
  const measure = (): void => {
    const all = [...(box.current?.children ?? [])] as HTMLElement[], first = all.findIndex((one) => one.offsetTop > (all[0]?.offsetTop ?? 0));
    from.value = first < 0 ? all.length : first;
  };
  useLayoutEffect(() => {
    measure();
    const seen = new ResizeObserver(measure);
    if (box.current) seen.observe(box.current);
    void document.fonts?.ready.then(measure);
    return () => seen.disconnect();
  }, [names, language.value, current]); // the page where one is stands in bold, and is wider
  const close = (): void => { more.current?.removeAttribute('open'); };
  useEffect(close, [path.value]);
  useEffect(() => {
    const outside = (event: Event): void => { if (!more.current?.contains(event.target as Node)) close(); };
    const escape = (event: KeyboardEvent): void => { if (event.key === 'Escape') close(); };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('keydown', escape);
    return () => { document.removeEventListener('pointerdown', outside); document.removeEventListener('keydown', escape); };
  }, []);
  const here = (one: Link) => (one.name === current ? 'page' as const : undefined), rest = links.slice(from.value), within = rest.find((one) => one.name === current);
  return (
    <nav aria-label={say('nav')}>
      <div class="links" ref={box}>
        {links.map((one, at) => <a key={one.name} class={at >= from.value ? 'no-room' : ''} href={addressOf(one.name)} aria-current={here(one)}>{one.title}</a>)}
      </div>
      {rest.length > 0 && <details class="more" ref={more}>
        <summary class={within ? 'here' : ''}>{within ? within.title : say('nav.more')} <span aria-hidden="true">▾</span></summary>
        <div class="sheet">{rest.map((one) => <a key={one.name} href={addressOf(one.name)} aria-current={here(one)} onClick={close}>{one.title}</a>)}</div>
      </details>}
    </nav>
  );
}
