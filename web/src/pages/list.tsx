// The line list: a view as a sheet of as many rows as there are. Rows come as somebody goes
// down; order and filters are the service's, so that a hundred thousand rows open as fast
// as ten; a list that is here whole stands by any column. A cell that is changed is a fact.
import { signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { ask, type AsOf, type Refusal } from '../base/ask';
import { outcomes, tell, waiting } from '../base/book';
import { came, heed, may, mayRows, role, session } from '../base/city';
import { saveCsv } from '../base/csv';
import { useAnswer } from '../base/load';
import { filter, go, path, query } from '../base/route';
import { numberText } from '../base/times';
import { inLanguage, language, say, labelOf, titleOf, word } from '../base/words';
import { columnsOfView, fieldOf, underWay } from '../list/columns';
import { describedKinds, type KindAbout } from '../list/described';
import { Grid, type Row } from '../list/grid';
import { hasPasted, PasteSection } from '../list/pasted';
import { dropList, readSaved, saved, saveList } from '../list/saved';
import { columnWords, groupOf, tellings } from '../list/tellings';
import { headerOf, look, LookForm } from '../parts/look';
import { AsOfText, Refused, Title, Waiting } from '../parts/shown';
import { NamedFilter, pageOf, questionOf, type Page, type View } from './views';

const rowsFirst = 200, rowsAtOnce = 500; // the first are soon there, the others come in larger pieces
const kinds = signal<Map<string, KindAbout> | null>(null);
type Given = Record<string, string>;

// ---- the order of a list that is here whole ----

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const left = String(a), right = String(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

// Rows without a value come last either way.
function inOrder(rows: Row[], sort: string): Row[] {
  const name = sort.replace(/^-/, ''), by = sort.startsWith('-') ? -1 : 1, none = (row: Row) => row[name] === null || row[name] === undefined;
  return [...rows].sort((a, b) => Number(none(a)) - Number(none(b)) || by * compare(a[name], b[name]));
}

// ---- filters ----

function wordsOf(view: View, name: string): string[] {
  const field = fieldOf(tellings[view.view]?.edits[name], kinds.value);
  return columnWords[view.view]?.[name] ?? field?.words ?? [];
}

function Filters({ view, persons, onPersons }: { view: View; persons: Given; onPersons: (given: Given) => void }) {
  const now = query.value, columns = view.filters.map((name) => view.columns.find((one) => one.name === name)).filter((one) => one !== undefined);
  const apply = (event: Event): void => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement), text = (name: string) => String(given.get(name) ?? '').trim();
    onPersons(Object.fromEntries(columns.filter((one) => one.is_person).map((one) => [one.name, text(one.name)])));
    filter({ ...Object.fromEntries(columns.filter((one) => !one.is_person).map((one) => [one.name, text(one.name)])), ...(view.grid ? { grid: text('grid') } : {}) });
  };
  return (
    <form class="filters" onSubmit={apply} key={view.view + now.toString()}>
      {columns.map((one, at) => {
        const words = wordsOf(view, one.name), value = (one.is_person ? persons[one.name] : now.get(one.name)) ?? '';
        if (one.is_person || (one.name === 'place' && words.length === 0))
          return <NamedFilter key={one.name} name={one.name} title={labelOf(one)} names={one.is_person ? 'person' : 'place'} focus={at === 0} value={value} />;
        return (
          <label key={one.name}>{labelOf(one)}
            {words.length > 0 ? <select name={one.name} onChange={(event) => event.currentTarget.form?.requestSubmit()}>
              <option value="">{say('all')}</option>
              {words.map((two) => <option key={two} value={two} selected={two === value}>{word(groupOf(one.name), two)}</option>)}
            </select> : <input name={one.name} maxLength={128} autocomplete="off" size={12} defaultValue={value} {...(at === 0 ? { 'data-filter': true } : {})} />}
          </label>
        );
      })}
      {view.grid && !view.filters.includes('grid') && <label>{say('grid')}<input name="grid" maxLength={31} size={10} defaultValue={now.get('grid') ?? ''} /></label>}
      <button type="submit">{say('apply')}</button>
    </form>
  );
}

// ---- lists as somebody likes them ----

function SavedLists({ view, hidden, onOpen }: { view: View; hidden: Set<string>; onOpen: (hidden: string[]) => void }) {
  const user = session.value?.name ?? '', name = useSignal('');
  useEffect(() => readSaved(user), [user]);
  const keep = (event: Event): void => {
    event.preventDefault();
    const values = Object.fromEntries([...query.value].filter(([one]) => !view.columns.some((two) => two.name === one && two.is_person)));
    saveList(user, { name: name.value.trim(), values: { ...values, _view: view.view }, hidden: [...hidden] });
    name.value = '';
  };
  return (
    <details>
      <summary>{say('list.saved')}{saved.value.length > 0 ? ` ${saved.value.length}` : ''}</summary>
      <div class="choice">
        {saved.value.map((one) => {
          const { _view = '', ...values } = one.values;
          return (
            <div class="pager" key={one.name}>
              <button type="button" onClick={() => { onOpen(one.hidden); go(`list/${_view}`, values); }}>{one.name}</button>
              <button type="button" aria-label={say('list.forget', { name: one.name })} onClick={() => dropList(user, one.name)}>×</button>
            </div>
          );
        })}
        <form onSubmit={keep}>
          <label>{say('list.save_as')}<input required maxLength={40} value={name.value} onInput={(event) => { name.value = event.currentTarget.value; }} /></label>
          <button type="submit">{say('list.save')}</button>
        </form>
        <p class="note">{say('list.saved_note')}</p>
      </div>
    </details>
  );
}

function Columns({ view, hidden, onChange }: { view: View; hidden: Set<string>; onChange: (name: string, off: boolean) => void }) {
  return (
    <details>
      <summary>{say('list.columns')}{hidden.size > 0 ? ` −${hidden.size}` : ''}</summary>
      <div class="choice">
        {view.columns.slice(1).map((one) => (
          <label class="tick" key={one.name}><input type="checkbox" checked={!hidden.has(one.name)}
            onChange={(event) => onChange(one.name, !event.currentTarget.checked)} />{labelOf(one)}</label>
        ))}
      </div>
    </details>
  );
}

// ---- the rows ----

interface Stand { count: number; next: string; busy: boolean; whole: boolean; asOf: AsOf | undefined; complete: boolean; refusal: Refusal | null; shown: boolean }
const nothing: Stand = { count: 0, next: '', busy: false, whole: false, asOf: undefined, complete: true, refusal: null, shown: false };

// Cells whose facts are on their way, by the key in the book.
const edited = new Map<number, { row: Row; name: string; before: unknown; redraw: () => void }>();

function settle(): void {
  for (const [key, { row, name, before, redraw }] of edited) {
    const outcome = outcomes.get(key);
    if (!outcome) continue;
    edited.delete(key);
    underWay(row).delete(name);
    if (outcome === 'dropped') row[name] = before;
    redraw();
  }
}

function tellEdit(view: View, row: Row, name: string, value: unknown, before: unknown, grid: Grid): void {
  const edit = tellings[view.view]?.edits[name], key = String(row[view.columns[0]?.name ?? ''] ?? '');
  if (!edit || value === null) {
    row[name] = before; // nothing takes back what was said but a correction
    grid.redrawRow(row._at);
    return;
  }
  const given = Object.fromEntries(Object.entries(edit.with).map(([field, column]) => [field, row[column]]).filter(([, one]) => one !== null && one !== undefined));
  row._wait = underWay(row).add(name);
  edited.set(tell(edit.kind, key, { ...given, [edit.field]: value }), { row, name, before, redraw: () => grid.redrawRow(row._at) });
  grid.redrawRow(row._at);
}

function Sheet({ view, persons, hidden, children }: { view: View; persons: Given; hidden: Set<string>; children: (stand: Stand, sheet: { all: () => void; again: () => void }) => preact.ComponentChildren }) {
  const holder = useRef<HTMLDivElement>(null), grid = useRef<Grid | null>(null), rows = useRef<Row[]>([]), turn = useRef(0);
  const stand = useSignal<Stand>(nothing), again = useSignal(0), local = useSignal('');
  const purpose = view.personal ? headerOf(look.value) : '', filters = query.value.toString();
  const { address, question } = questionOf(view, persons, purpose, rowsFirst), rest = questionOf(view, persons, purpose, view.personal ? rowsAtOnce : 2 * rowsAtOnce), sort = query.value.get('sort') ?? view.sorts[0] ?? '';
  const change = (changed: Partial<Stand>) => { stand.value = { ...stand.value, ...changed }; };
  const pageRows = (page: Page): Row[] => page.rows.map((one, at) => ({ ...one, _at: rows.current.length + at }));
  async function more(): Promise<void> {
    const { next, busy } = stand.value, mine = turn.current;
    if (!next || busy) return;
    change({ busy: true });
    try {
      const asked = pageOf(rest, next), page = await ask<Page>(asked.address, asked.question);
      if (mine !== turn.current) return;
      const made = pageRows(page);
      rows.current = [...rows.current, ...made];
      await grid.current?.add(made);
      change({ busy: false, next: page.next ?? '', count: rows.current.length });
    } catch (why) {
      heed(why);
      if (mine === turn.current) change({ busy: false, refusal: why as Refusal });
    }
  }
  const moreNow = useRef(more);
  moreNow.current = more;
  function onSort(name: string): void {
    const now = stand.value.whole && local.value ? local.value : sort, to = now === name ? `-${name}` : name;
    if (!stand.value.whole) {
      filter({ sort: to });
      return;
    }
    local.value = to;
    void grid.current?.set(inOrder(rows.current, to)).then(() => grid.current?.sorted(name, to.startsWith('-')));
  }
  const sortNow = useRef(onSort);
  sortNow.current = onSort;
  // A grid for these columns; the same one takes the rows of another order or filter.
  const built = useRef('');
  async function show(page: Page): Promise<void> {
    const whole = !page.next, key = `${view.view} ${language.value} ${whole}`;
    const sortable = (name: string) => whole || (view.sorts.includes(name) && view.sorts.includes(`-${name}`));
    rows.current = [];
    rows.current = pageRows(page);
    local.value = '';
    if (!holder.current) return;
    if (grid.current && built.current === key) await grid.current.set(rows.current);
    else {
      grid.current?.end();
      built.current = key;
      const columns = columnsOfView(view, rows.current, { sortable, hidden, telling: tellings[view.view], kinds: () => kinds.value, role: role.value ?? '', cases: mayRows('contacts') });
      const made: Grid = grid.current = new Grid(holder.current, columns, '_at', rows.current, titleOf(view), { height: 'max(340px, 62vh)' }, {
        onSort: (name) => sortNow.current(name), onNearEnd: () => void moreNow.current(),
        onEdit: (row, name, value, before) => tellEdit(view, row, name, value, before, made),
      });
    }
    void grid.current.sorted(sort.replace(/^-/, ''), sort.startsWith('-'));
    change({ ...nothing, count: rows.current.length, next: page.next ?? '', whole, asOf: page.as_of, complete: page.complete, shown: true });
  }
  useEffect(() => {
    const mine = ++turn.current;
    if (view.personal && !purpose) {
      stand.value = nothing;
      return;
    }
    change({ busy: true, refusal: null });
    ask<Page>(address, question).then((page) => { if (mine === turn.current) void show(page); }, (why: Refusal) => {
      heed(why);
      if (mine === turn.current) change({ busy: false, refusal: why });
    });
  }, [view.view, filters, purpose, JSON.stringify(persons), language.value, again.value]);
  useEffect(() => () => { turn.current++; grid.current?.end(); grid.current = null; }, []);
  useEffect(() => { for (const one of view.columns) if (grid.current) grid.current.hide(one.name, hidden.has(one.name)); }, [hidden]);
  useEffect(settle, [waiting.value]);
  const all = async (): Promise<void> => { while (stand.value.next && !stand.value.refusal) await moreNow.current(); change({ whole: true }); };
  return (
    <>
      {children(stand.value, { all: () => void all(), again: () => { again.value++; } })}
      <Refused refusal={stand.value.refusal} />
      <div ref={holder} hidden={!stand.value.shown} />
      {!stand.value.shown && stand.value.busy && <Waiting />}
    </>
  );
}

// ---- the page ----

function OneList({ view, views }: { view: View; views: View[] }) {
  const persons = useSignal<Given>({}), hidden = useSignal(new Set<string>()), pasting = useSignal(hasPasted()), since = useSignal(came.value);
  const telling = tellings[view.view], mayPaste = telling?.pastes.some((one) => kinds.value?.get(one)?.roles.includes(role.value ?? '')) ?? false;
  useEffect(() => { describedKinds().then((all) => { kinds.value = all; }, heed); }, []);
  const { address, question } = questionOf(view, persons.value, view.personal ? headerOf(look.value) : '', rowsAtOnce);
  return (
    <section>
      <Title level={1} text={say('list.title')}>
        <label class="unseen" for="list-view">{say('list.which')}</label>
        <select id="list-view" value={view.view} onChange={(event) => { persons.value = {}; hidden.value = new Set(); go(`list/${event.currentTarget.value}`); }}>
          {views.map((one) => <option key={one.view} value={one.view}>{titleOf(one)}</option>)}
        </select>
      </Title>
      <p class="note">{inLanguage(view.about_zh, view.about_en)}</p>
      {view.personal && <LookForm />}
      <Filters view={view} persons={persons.value} onPersons={(given) => { persons.value = given; }} />
      {pasting.value && kinds.value && telling && <PasteSection telling={telling} kinds={kinds.value} role={role.value ?? ''} onClose={() => { pasting.value = false; }} />}
      <Sheet view={view} persons={persons.value} hidden={hidden.value}>{(stand, sheet) => (
        <div class="list-bar">
          <SavedLists view={view} hidden={hidden.value} onOpen={(off) => { hidden.value = new Set(off); }} />
          <Columns view={view} hidden={hidden.value} onChange={(name, off) => {
            const made = new Set(hidden.value);
            if (off) made.add(name); else made.delete(name);
            hidden.value = made;
          }} />
          {mayPaste && !pasting.value && <button type="button" onClick={() => { pasting.value = true; }}>{say('list.paste')}</button>}
          {stand.shown && <button type="button" onClick={() => void saveCsv(address, `${view.view.replace('/', '-')}.csv`, question)}>{say('csv')}</button>}
          {stand.shown && <button type="button" onClick={() => window.print()}>{say('print')}</button>}
          {stand.shown && <span class="second" role="status" data-count={stand.count}>{stand.count === 0 ? say('rows.none')
            : stand.next ? say('list.part', { count: numberText(stand.count) }) : say('list.whole', { count: numberText(stand.count) })}</span>}
          {stand.shown && stand.next && !view.personal && <button type="button" disabled={stand.busy} onClick={sheet.all}>{say('list.all')}</button>}
          {stand.shown && may('events') && came.value > since.value && <button type="button" class="first" onClick={() => { since.value = came.value; sheet.again(); }}>{say('list.again')}</button>}
          <AsOfText of={stand.asOf} complete={stand.complete} />
        </div>
      )}</Sheet>
    </section>
  );
}

const first = ['cases/cases', 'tracing/contacts', 'testing/tubes', 'testing/samples', 'register/persons'];

export function ListPage() {
  const { answer, refusal, waiting: asking } = useAnswer<{ rows: View[] }>('/v1/views', {}, []);
  if (!answer) return asking ? <Waiting /> : <Refused refusal={refusal} />;
  const free = answer.rows.filter((one) => one.parameters.length === 0), place = (one: View) => (first.indexOf(one.view) + 100) % 100;
  const views = [...free].sort((a, b) => place(a) - place(b)), wanted = path.value.split('/').slice(1).join('/');
  const view = wanted ? views.find((one) => one.view === wanted) : views[0];
  return view ? <OneList key={view.view} view={view} views={views} /> : <><Title level={1} text={say('nav.list')} /><p class="wrong">{say('views.unknown')}</p></>;
}
