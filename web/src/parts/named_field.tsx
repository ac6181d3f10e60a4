// A person or a place in a form: found by name, number or telephone, or written as an id.
// Places are found while one types. People only when one asks for it, for that is a look:
// with the reference and purpose that were said before, and never without. Where many go
// into one field (`many`), what is typed last is sought, and what is picked joins the others.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Refusal } from '../base/ask';
import { heed } from '../base/city';
import { textIn, useReadable, type Row } from '../base/views';
import { say, word } from '../base/words';
import { placeName } from '../net/names';
import { peopleFor, query, sought } from './finder';
import { headerOf, look } from './look';
import { Refused } from './shown';

interface Match { id: string; text: string; more: string }

const pause = 300, each = 8;
let lists = 0;

function matchOf(row: Row, of: 'person' | 'place'): Match {
  const id = textIn(row, of), name = textIn(row, 'name'), grid = textIn(row, 'grid');
  return { id, text: name || id, more: [row.kind && word('place', textIn(row, 'kind')), name && id, grid && placeName(grid.slice(0, 9)), grid].filter(Boolean).join(' · ') };
}

function usePlaces(text: string, open: boolean): Match[] {
  const readable = useReadable(), found = useSignal<{ of: string; rows: Match[] }>({ of: '', rows: [] });
  const asks = open && text.length > 1 && readable?.has('register/places_named');
  useEffect(() => {
    if (!asks) return undefined;
    let over = false;
    const timer = window.setTimeout(() => {
      query('register/places_named', { text }, { limit: each }).then((page) => { if (!over) found.value = { of: text, rows: page.rows.map((row) => matchOf(row, 'place')) }; }, heed);
    }, pause);
    return () => { over = true; window.clearTimeout(timer); };
  }, [text, asks]);
  return found.value.of === text ? found.value.rows : [];
}

const between = /[\s,，、;；]+/;

// What is still being typed of a value, and what stands before it.
function lastOf(value: string, many: boolean): [before: string, text: string] {
  const cut = many ? value.length - (value.split(between).pop() ?? '').length : 0;
  return [value.slice(0, cut), value.slice(cut).trim()];
}

// `name`: what the field is called in its form, where the form reads itself.
export function NamedField({ title, names, required, value, many = false, name, focus = false, onChange }: {
  title: string; names: 'person' | 'place'; required: boolean; value: string; many?: boolean | undefined; name?: string; focus?: boolean; onChange: (value: string) => void;
}) {
  const id = useSignal(`named-${++lists}`).value, filled = useSignal(value).value, open = useSignal(false), at = useSignal(-1), picked = useSignal<Match[]>([]);
  const people = useSignal<{ of: string; rows: Match[]; more: boolean } | null>(null), refusal = useSignal<Refusal | null>(null), readable = useReadable();
  const [before, text] = lastOf(value, many), ids = many ? value.split(between) : [text], known = picked.value.filter((one) => ids.includes(one.id));
  const chosen = known.find((one) => one.id === text);
  const places = usePlaces(text, open.value && names === 'place'), asked = people.value?.of === text ? people.value : null;
  const matches = !open.value || chosen ? [] : names === 'place' ? places : asked?.rows ?? [];
  const asks = open.value && names === 'person' && text !== '' && !chosen && !asked && sought();
  const count = matches.length + (asks && look.value ? 1 : 0);
  async function seek(): Promise<void> {
    if (!readable || !look.value) return;
    refusal.value = null;
    try {
      const found = await peopleFor(text, readable, headerOf(look.value));
      people.value = { of: text, rows: found.rows.map((row) => matchOf(row, 'person')), more: found.more };
      at.value = -1;
    } catch (why) {
      heed(why);
      refusal.value = why as Refusal;
    }
  }
  const pick = (index: number) => {
    const one = matches[index];
    if (!one) { void seek(); return; }
    picked.value = [...picked.value, one];
    open.value = false;
    onChange(many ? `${before}${one.id}、` : one.id);
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.isComposing || count === 0) return;
    if (event.key === 'ArrowDown') at.value = at.value >= count - 1 ? 0 : at.value + 1;
    else if (event.key === 'ArrowUp') at.value = at.value <= 0 ? count - 1 : at.value - 1;
    else if (event.key === 'Enter' && at.value >= 0) pick(at.value);
    else if (event.key === 'Escape') open.value = false;
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  // Not at once: what is being clicked on below would move away under the pointer.
  const closeSoon = (input: HTMLInputElement) => { window.setTimeout(() => { if (document.activeElement !== input) open.value = false; }, pause); };
  // What the form came with, a correction's above all, was chosen before: nothing is said of it.
  const said = known.length > 0 && (text === '' || chosen) ? known.map((one) => `${one.text}${one.more ? ` · ${one.more}` : ''}`).join(say('semicolon')) : asks && !look.value ? say('named.look') : asked && asked.rows.length === 0 ? say('finder.people.none')
    : asked?.more ? say('finder.people.more', { count: asked.rows.length }) : text !== '' && value !== filled && matches.length === 0 ? say('named.as_id') : '';
  return (
    <div class={many ? 'named many' : 'named'}>
      <label>{title}
        <input role="combobox" aria-expanded={count > 0} aria-controls={id} aria-autocomplete="list" aria-activedescendant={count > 0 && at.value >= 0 ? `${id}-${at.value}` : undefined}
          name={name} {...(focus ? { 'data-filter': true } : {})} required={required} maxLength={many ? 4000 : 128} autocomplete="off" spellcheck={false} placeholder={say(`named.${names}`)} value={value} onKeyDown={pressed}
          onInput={(event) => { open.value = true; at.value = -1; refusal.value = null; onChange(event.currentTarget.value); }} onBlur={(event) => closeSoon(event.currentTarget)} />
      </label>
      <ul id={id} role="listbox" aria-label={title} hidden={count === 0}>
        {matches.map((one, index) => (
          <li key={one.id} id={`${id}-${index}`} role="option" aria-selected={index === at.value} onMouseDown={(event) => event.preventDefault()} onClick={() => pick(index)}>
            <span class="strong">{one.text}</span> <span class="second">{one.more}</span></li>))}
        {asks && look.value && <li id={`${id}-${matches.length}`} role="option" aria-selected={at.value === matches.length} onMouseDown={(event) => event.preventDefault()} onClick={() => pick(matches.length)}>
          {say('finder.people', { text })} <span class="second">{say('finder.people.look')}</span></li>}
      </ul>
      <p class="second" role="status">{said}</p>
      <Refused refusal={refusal.value} />
    </div>
  );
}
