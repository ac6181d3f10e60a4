// Ctrl-K: finds places, grids, cases, tubes, tasks and pages while it is typed, and people
// when it is asked to, for that is a look. What is typed goes into bodies alone and is gone
// when the finder closes; what an address holds is what was found, never a person.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { ask, type Refusal } from '../base/ask';
import { chosenPerson, chosenPlace } from '../base/chosen';
import { heed, may, mayRows, session } from '../base/city';
import { useAnswer } from '../base/load';
import { go } from '../base/route';
import { textIn, useReadable, type Page, type Row } from '../base/views';
import { say, titleOf, word, type Titled } from '../base/words';
import '../look/finder.css';
import { areasOf, isAreaCode, nameOf, placeName } from '../net/names';
import { headerOf, look, LookForm } from './look';
import { Refused } from './shown';
import type { Name } from '../texts/zh';

interface Found { key: string; group: Name; text: string; more: string; run: () => void }
export interface PageName { name: string; title: string }

const each = 8, pause = 300, longest = 128;
const has = (text: string, part: string) => text.toLowerCase().includes(part.toLowerCase());

// ---- what is there already ----

function pagesOf(text: string, pages: PageName[], views: (Titled & { view: string })[]): Found[] {
  return [
    ...pages.filter((one) => has(one.title, text) || has(one.name, text)).map((one): Found =>
      ({ key: `page ${one.name}`, group: 'finder.page', text: one.title, more: '', run: () => go(one.name) })),
    ...(text ? views : []).filter((one) => has(one.title_zh, text) || has(one.title_en, text) || has(one.view, text)).map((one): Found =>
      ({ key: `view ${one.view}`, group: 'finder.list', text: titleOf(one), more: one.view, run: () => go(`views/${one.view}`) })),
  ].slice(0, text ? each : 12);
}

const openArea = (grid: string) => (may('counts') && grid.length <= 9 ? go('wall', { grid }) : mayRows('holes') ? go('holes', { grid, all: 'true' }) : go('tasks', { grid }));
const areaFound = (grid: string, name: string): Found => ({ key: `area ${grid}`, group: 'finder.area', text: name, more: grid, run: () => openArea(grid) });
const areasFound = (text: string): Found[] => areasOf(text, each).map((one) => areaFound(one.grid, one.name));

// An area that the city was told no name of, by its whole code; last, for the number may be
// of something else.
function unnamedArea(text: string): Found[] {
  const own = session.value?.grid ?? '';
  return isAreaCode(text) && nameOf(text) === undefined && text.startsWith(own) ? [areaFound(text, placeName(text) || text)] : [];
}

const openCase = (id: string) => (mayRows('contacts') ? go('case', { case: id }) : go('views/cases/milestones', { case_id: id }));

function caseFound(row: Row, number = ''): Found {
  const id = textIn(row, 'case_id');
  return {
    key: `case ${id}`, group: 'finder.case', text: id,
    more: [number, row.classification && word('classification', textIn(row, 'classification')), row.grid && placeName(textIn(row, 'grid').slice(0, 9))].filter(Boolean).join(' · '),
    run: () => openCase(id),
  };
}

const casesFound = (text: string, cases: Row[]): Found[] => cases.filter((row) => has(textIn(row, 'case_id'), text)).slice(0, each).map((row) => caseFound(row));

// ---- what the service is asked ----

export const query = (view: string, fields: Record<string, string>, more: Record<string, unknown> = {}, purpose = '') =>
  ask<Page>(`/v1/views/${view}/query`, { method: 'POST', body: { fields, ...more }, ...(purpose ? { purpose } : {}) });

const isId = (text: string) => /^[\w.:/-]{3,}$/.test(text) && /\d/.test(text);
const openPlace = (place: string) => { chosenPlace.value = place; go('place'); };

async function askedFor(text: string, readable: Set<string>): Promise<Found[]> {
  const rows = async (view: string, fields: Record<string, string>, limit: number): Promise<Row[]> =>
    (readable.has(view) ? (await query(view, fields, { limit })).rows : []);
  const [places, tubes, tasks, numbers] = await Promise.all([
    text.length > 1 ? rows('register/places_named', { text }, each) : [],
    isId(text) ? rows('testing/tubes', { tube_id: text }, 1) : [], isId(text) ? rows('command/tasks', { task: text }, 1) : [],
    isId(text) ? rows('cases/numbers', { number: text }, each) : [],
  ]);
  return [
    // Of several cases that go by one number all are listed: which one it is, nobody guesses.
    ...numbers.map((row) => caseFound(row, say('finder.case.known_as', { number: text }))),
    ...places.map((row): Found => ({ key: `place ${textIn(row, 'place')}`, group: 'finder.place', text: textIn(row, 'name') || textIn(row, 'place'),
      more: [row.kind && word('place', textIn(row, 'kind')), row.name && textIn(row, 'place'), row.grid && placeName(textIn(row, 'grid').slice(0, 9))].filter(Boolean).join(' · '),
      run: () => openPlace(textIn(row, 'place')) })),
    ...tubes.map((row): Found => ({ key: `tube ${text}`, group: 'finder.tube', text, more: row.result ? word('result', textIn(row, 'result')) : say('place.no_result'),
      run: () => go('views/testing/tubes', { tube_id: textIn(row, 'tube_id') }) })),
    ...tasks.map((row): Found => ({ key: `task ${text}`, group: 'finder.task', text, more: word('tasks.state', textIn(row, 'state')),
      run: () => go('views/command/tasks', { task: textIn(row, 'task') }) })),
  ];
}

interface People { rows: Row[]; more: boolean }

// By their id first: who knows it needs no name.
export async function peopleFor(text: string, readable: Set<string>, purpose: string): Promise<People> {
  if (isId(text) && readable.has('register/persons')) {
    const page = await query('register/persons', { person: text }, { limit: 1 }, purpose);
    if (page.rows.length > 0) return { rows: page.rows, more: false };
  }
  const page = await query('register/find_person', { text }, { limit: 20 }, purpose);
  return { rows: page.rows, more: Boolean(page.next) };
}

// ---- the window ----

export const sought = () => mayRows('read_personal_view');

function useFound(text: string, pages: PageName[], readable: Set<string> | null): Found[] {
  const views = useAnswer<{ rows: (Titled & { view: string })[] }>('/v1/views', {}, []).answer?.rows ?? [];
  const cases = useAnswer<Page>(readable?.has('cases/milestones') ? '/v1/views/cases/milestones?sort=-reported&limit=1000' : null, {}, [readable !== null]).answer?.rows ?? [];
  const given = useSignal<{ of: string; found: Found[] }>({ of: '', found: [] });
  useEffect(() => {
    if (!text || !readable) return undefined;
    let over = false;
    const timer = window.setTimeout(() => {
      askedFor(text, readable).then((found) => { if (!over) given.value = { of: text, found }; }, heed);
    }, pause);
    return () => { over = true; window.clearTimeout(timer); };
  }, [text, readable !== null]);
  if (!text) return pagesOf('', pages, []);
  return [...areasFound(text), ...casesFound(text, cases), ...(given.value.of === text ? given.value.found : []), ...unnamedArea(text), ...pagesOf(text, pages, views)];
}

function Option({ one, id, chosen, pick }: { one: Found; id: string; chosen: boolean; pick: () => void }) {
  return (
    <li id={id} role="option" aria-selected={chosen} onMouseDown={(event) => event.preventDefault()} onClick={pick}>
      <span class="second of">{say(one.group)}</span><span><span class={one.key === 'people' ? '' : 'strong'}>{one.text}</span> <span class="second">{one.more}</span></span>
    </li>
  );
}

function Inside({ pages, close }: { pages: PageName[]; close: () => void }) {
  const typed = useSignal(''), at = useSignal(0), needsLook = useSignal(false), waiting = useSignal(false);
  const people = useSignal<{ of: string } & People | null>(null), refusal = useSignal<Refusal | null>(null);
  const readable = useReadable(), text = typed.value.trim(), found = useFound(text, pages, readable);
  const open = (run: () => void) => { close(); run(); };
  async function seek(): Promise<void> {
    if (!readable) return;
    needsLook.value = look.value === null;
    if (!look.value) return;
    waiting.value = true;
    refusal.value = null;
    try {
      people.value = { of: text, ...await peopleFor(text, readable, headerOf(look.value)) };
      at.value = 0;
    } catch (why) {
      heed(why);
      refusal.value = why as Refusal;
    }
    waiting.value = false;
  }
  // Whoever asked for people, and had to say why first, gets them when it is said.
  useEffect(() => {
    if (!needsLook.value) return;
    if (look.value) {
      document.querySelector<HTMLElement>('.finder input[role=combobox]')?.focus();
      void seek();
    } else document.querySelector<HTMLElement>('.finder .look select')?.focus();
  }, [needsLook.value, look.value]);
  const asked = people.value?.of === text ? people.value : null;
  const persons: Found[] = (asked?.rows ?? []).map((row) => ({ key: `person ${textIn(row, 'person')}`, group: 'finder.person', text: textIn(row, 'name') || textIn(row, 'person'),
    more: [row.name && textIn(row, 'person'), row.grid && placeName(textIn(row, 'grid').slice(0, 9)), row.grid].filter(Boolean).join(' · '),
    run: () => { chosenPerson.value = textIn(row, 'person'); go('person'); } }));
  const seeking: Found[] = text && sought() && !asked ? [{ key: 'people', group: 'finder.person', text: say('finder.people', { text }), more: say('finder.people.look'), run: () => { void seek(); } }] : [];
  const all = [...persons, ...found, ...seeking], last = all.length - 1, chosen = Math.min(at.value, Math.max(0, last));
  const pick = (one: Found | undefined) => { if (one?.key === 'people') one.run(); else if (one) open(one.run); };
  const pressed = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const to = event.key === 'ArrowDown' ? (chosen >= last ? 0 : chosen + 1) : event.key === 'ArrowUp' ? (chosen <= 0 ? last : chosen - 1) : null;
    if (to !== null) at.value = Math.max(0, to);
    else if (event.key === 'Enter') pick(all[chosen]);
    else return;
    event.preventDefault();
    if (to !== null) document.getElementById(`finder-${at.value}`)?.scrollIntoView({ block: 'nearest' });
  };
  const said = waiting.value ? say('waiting') : asked ? (asked.rows.length === 0 ? say('finder.people.none') : say(asked.more ? 'finder.people.more' : 'finder.people.found', { count: asked.rows.length }))
    : text && found.length === 0 ? say('finder.none') : say('finder.count', { count: found.length });
  return (
    <>
      <div class="finder-line">
        <input role="combobox" aria-expanded="true" aria-controls="finder-list" aria-autocomplete="list" aria-label={say('finder.title')} autofocus
          aria-activedescendant={all.length > 0 ? `finder-${chosen}` : undefined} placeholder={say('finder.typed')} maxLength={longest} autocomplete="off" spellcheck={false}
          value={typed.value} onKeyDown={pressed} onInput={(event) => { typed.value = event.currentTarget.value; at.value = 0; needsLook.value = false; refusal.value = null; }} />
        <button type="button" onClick={close}>{say('finder.close')}</button>
      </div>
      <p class="soft" role="status">{said}</p>
      <Refused refusal={refusal.value} />
      <ul id="finder-list" role="listbox" aria-label={say('finder')}>{all.map((one, i) =>
        <Option key={one.key} one={one} id={`finder-${i}`} chosen={i === chosen} pick={() => pick(one)} />)}</ul>
      {needsLook.value && <p class="strong">{say('finder.people.need')}</p>}
      {(needsLook.value || (text && sought() && look.value)) && <LookForm />}
      <p class="soft note">{say('finder.note')}</p>
    </>
  );
}

export function Finder({ pages, close }: { pages: PageName[]; close: () => void }) {
  const frame = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    frame.current?.showModal();
    return () => { if (before instanceof HTMLElement && before.isConnected) before.focus(); };
  }, []);
  return (
    <dialog ref={frame} class="finder" aria-label={say('finder.title')} onClose={close}
      onClick={(event) => { if (event.target === frame.current) close(); }}>
      <Inside pages={pages} close={close} />
    </dialog>
  );
}
