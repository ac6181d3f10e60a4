// The lists that somebody may read, and a page of one of them.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { withQuery, type AsOf, type Question } from '../base/ask';
import { health } from '../base/city';
import { saveCsv } from '../base/csv';
import { settled } from '../base/book';
import { useAnswer } from '../base/load';
import { addressOf, filter, path, query } from '../base/route';
import { isTime, numberText, spanText, timeText } from '../base/times';
import { inLanguage, labelOf, say, titleOf, word, type Titled } from '../base/words';
import { viewOffers } from '../list/records';
import { columnWords, groupOf } from '../list/tellings';
import { LetterLink, PersonLink, PlaceLink } from '../parts/links';
import { headerOf, look, LookForm } from '../parts/look';
import { NamedField } from '../parts/named_field';
import { Record as RecordFact } from '../parts/record';
import { AsOfText, Pager, Refused, Table, Title, Waiting } from '../parts/shown';
import { Due } from './holes';

export interface ColumnAbout extends Titled { name: string; unit: string; is_person: boolean }
export interface View extends Titled {
  view: string; about_zh: string; about_en: string; personal: boolean; grid: boolean;
  columns: ColumnAbout[]; parameters: ColumnAbout[]; filters: string[]; sorts: string[];
}
type Value = string | number | boolean | null;
export interface Page { rows: Record<string, Value>[]; next?: string; as_of: AsOf; complete: boolean }

const rowsOfPage = 50;

// What is a person's, and is no id of theirs; and what is the id of a place.
const sealed = ['name', 'birth', 'household', 'phone', 'id_number', 'needs'], places = ['place', 'site', 'present_place', 'parent'];

// A word of a few signs is not broken: where there are many columns it would stand one sign
// below the other.
const short = (text: string): ComponentChildren => (text.length <= 6 ? <span class="whole">{text}</span> : text);

// Columns whose words are those of a fact's field of another name.
const wordsAs: Record<string, string> = { 'tracing/letters about': 'letter_about' };

function wordOf(view: string, name: string, value: string): string {
  return value === 'true' || value === 'false' ? say(value === 'true' ? 'yes' : 'no') : word(wordsAs[`${view} ${name}`] ?? groupOf(name), value);
}

function valueText(view: string, column: ColumnAbout, value: Value | undefined): ComponentChildren {
  if (value === null || value === undefined || value === '') return <span class="gone">–</span>;
  if (typeof value === 'boolean') return say(value ? 'yes' : 'no');
  if (typeof value === 'number') return column.unit === 'µs' ? spanText(value / 1e6) : Number.isInteger(value) ? numberText(value) : value;
  if (column.is_person && !sealed.includes(column.name)) return <PersonLink person={value} />;
  if (column.name === 'letter_id') return <LetterLink letter={value}>{value.length <= 16 ? <span class="whole">{value}</span> : value}</LetterLink>;
  if (places.includes(column.name)) return <PlaceLink place={value} />;
  // What is over has no turn any more: what has one and is past is overdue.
  if (column.name === 'turn' && isTime(value) && health.value) return <Due due={value} now={health.value.now} />;
  return isTime(value) ? <span class="whole">{timeText(value, health.value?.now)}</span> : short(wordOf(view, column.name, value));
}

// What may be filled in: parameters, which are needed, and filters.
interface Field { name: string; title: string; needed: boolean; isPerson: boolean; isPlace: boolean }

function fieldsOf(view: View): Field[] {
  const columns = new Map(view.columns.map((one) => [one.name, one]));
  const filters = view.filters.map((name) => columns.get(name)).filter((one) => one !== undefined);
  return [
    ...view.parameters.map((one) => ({ name: one.name, title: labelOf(one), needed: true, isPerson: one.is_person, isPlace: one.name === 'place' })),
    ...filters.map((one) => ({ name: one.name, title: labelOf(one), needed: false, isPerson: one.is_person, isPlace: one.name === 'place' })),
  ];
}

function sortText(view: View, sort: string): string {
  const name = sort.replace(/^-/, ''), column = view.columns.find((one) => one.name === name);
  const title = column ? labelOf(column) : name;
  return sort.startsWith('-') ? say('views.falling', { title }) : title;
}

type Given = Record<string, string>;

// A person or a place to filter by, found by name; the form reads it by its own name.
export function NamedFilter({ name, title, names, required = false, focus = false, value }: { name: string; title: string; names: 'person' | 'place'; required?: boolean; focus?: boolean; value: string }) {
  const typed = useSignal(value);
  return <NamedField name={name} title={title} names={names} required={required} focus={focus} value={typed.value} onChange={(now) => { typed.value = now; }} />;
}

// One of few words: chosen, so that nobody has to know what the service calls it.
function ChosenWord({ view, name, focus, value }: { view: string; name: string; focus: boolean; value: string }) {
  return (
    <select name={name} {...(focus ? { 'data-filter': true } : {})}>
      <option value="">{say('all')}</option>
      {columnWords[view]?.[name]?.map((one) => <option key={one} value={one} selected={one === value}>{wordOf(view, name, one)}</option>)}
    </select>
  );
}

function Filters({ view, persons, onPersons }: { view: View; persons: Given; onPersons: (given: Given) => void }) {
  const now = query.value, fields = fieldsOf(view);
  function apply(event: Event): void {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(given.get(name) ?? '').trim();
    onPersons(Object.fromEntries(fields.filter((one) => one.isPerson).map((one) => [one.name, text(one.name)])));
    filter({
      ...Object.fromEntries(fields.filter((one) => !one.isPerson).map((one) => [one.name, text(one.name)])),
      sort: text('sort'), ...(view.grid ? { grid: text('grid') } : {}),
    });
  }
  return (
    <form class="filters" onSubmit={apply} key={view.view + now.toString()}>
      {fields.map((one, at) => (one.isPerson || one.isPlace ? <NamedFilter key={one.name} name={one.name} title={one.title} names={one.isPerson ? 'person' : 'place'} required={one.needed} focus={at === 0}
        value={(one.isPerson ? persons[one.name] : now.get(one.name)) ?? ''} /> : (
        <label key={one.name}>{one.title}
          {columnWords[view.view]?.[one.name] ? <ChosenWord view={view.view} name={one.name} focus={at === 0} value={now.get(one.name) ?? ''} /> : <input name={one.name} required={one.needed} maxLength={128} autocomplete="off" {...(at === 0 ? { 'data-filter': true } : {})}
            defaultValue={now.get(one.name) ?? ''} />}</label>
      )))}
      {view.grid && !fields.some((one) => one.name === 'grid') &&
        <label>{say('grid')}<input name="grid" maxLength={31} defaultValue={now.get('grid') ?? ''} /></label>}
      <label>{say('views.sort')}
        <select name="sort">
          {view.sorts.map((one) => <option key={one} value={one} selected={one === (now.get('sort') ?? view.sorts[0])}>{sortText(view, one)}</option>)}
        </select>
      </label>
      <button type="submit">{say('apply')}</button>
    </form>
  );
}

// Whoever asks for a person asks in the body; all else stands in the address.
export function questionOf(view: View, persons: Given, purpose: string, limit = rowsOfPage): { address: string; question: Question } {
  const named = Object.fromEntries(Object.entries(persons).filter(([, value]) => value !== ''));
  const given = Object.fromEntries([...query.value].filter(([, value]) => value !== ''));
  const base = `/v1/views/${view.view}`;
  if (Object.keys(named).length === 0)
    return { address: withQuery(base, { ...given, limit }), question: { purpose } };
  const { sort, grid, ...fields } = given;
  const body = { fields: { ...fields, ...named }, limit, ...(sort ? { sort } : {}), ...(grid ? { grid } : {}) };
  return { address: `${base}/query`, question: { method: 'POST', body, purpose } };
}

export function pageOf(asked: { address: string; question: Question }, after: string): { address: string; question: Question } {
  if (!after) return asked;
  if (asked.question.body) return { ...asked, question: { ...asked.question, body: { ...asked.question.body, after } } };
  return { ...asked, address: `${asked.address}&after=${encodeURIComponent(after)}` };
}

function Rows({ view, answer, from, before, next }: {
  view: View; answer: Page; from: number; before: (() => void) | null; next: (() => void) | null;
}) {
  if (answer.rows.length === 0) return <p>{say('rows.none')}</p>;
  const numbers = (name: string) => answer.rows.some((row) => typeof row[name] === 'number');
  const columns = view.columns.map((one) => ({
    name: one.name, title: labelOf(one), number: numbers(one.name), show: (row: Record<string, Value>) => valueText(view.view, one, row[one.name]),
  }));
  return <><Table caption={titleOf(view)} columns={columns} rows={answer.rows} />
    <Pager from={from} shown={answer.rows.length} before={before} next={next} /></>;
}

function OneView({ view }: { view: View }) {
  const persons = useSignal<Given>({}), tokens = useSignal<string[]>([]);
  const purpose = view.personal ? headerOf(look.value) : '', filters = query.value.toString();
  useEffect(() => { tokens.value = []; }, [filters, persons.value, purpose]);
  const lacks = fieldsOf(view).some((one) => one.needed && !(one.isPerson ? persons.value[one.name] : query.value.get(one.name)));
  const asked = questionOf(view, persons.value, purpose), after = tokens.value[tokens.value.length - 1] ?? '';
  const page = pageOf(asked, after);
  const { answer, refusal, waiting } = useAnswer<Page>(lacks || (view.personal && !purpose) ? null : page.address, page.question,
    [purpose, JSON.stringify(page.question.body ?? null), settled.value]);
  const next = answer?.next;
  return (
    <section>
      <Title level={1} text={titleOf(view)}>
        <a href={addressOf('views')}>{say('views.back')}</a>
        <AsOfText of={answer?.as_of} complete={answer?.complete} />
        <button type="button" onClick={() => window.print()}>{say('print')}</button>
        {answer && <button type="button" onClick={() => {
          void saveCsv(page.address, `${view.view.replace('/', '-')}.csv`, page.question);
        }}>{say('csv')}</button>}
      </Title>
      <p class="note">{inLanguage(view.about_zh, view.about_en)}</p>
      {view.personal && <LookForm />}
      <Filters view={view} persons={persons.value} onPersons={(given) => { persons.value = given; }} />
      {view.personal && <p class="note">{say('views.person')}</p>}
      <RecordFact offers={viewOffers(view.view)} />
      <Refused refusal={refusal} />
      {answer ? <Rows view={view} answer={answer} from={tokens.value.length * rowsOfPage}
        before={tokens.value.length > 0 ? () => { tokens.value = tokens.value.slice(0, -1); } : null}
        next={next ? () => { tokens.value = [...tokens.value, next]; } : null} /> : waiting && <Waiting />}
    </section>
  );
}

function AllViews({ views }: { views: View[] }) {
  const desks = [...new Set(views.map((one) => one.view.split('/')[0] ?? ''))];
  return (
    <section>
      <Title level={1} text={say('views.title')} />
      <p class="note">{say('views.note')}</p>
      {desks.map((desk) => (
        <section key={desk}>
          <Title text={word('desk', desk)} />
          <ul class="plain">{views.filter((one) => one.view.startsWith(`${desk}/`)).map((one) => (
            <li key={one.view}><a href={addressOf(`views/${one.view}`)}>{titleOf(one)}</a>
              {one.personal && <span class="second"> · {say('views.personal')}</span>}
              <span class="soft"> · {inLanguage(one.about_zh, one.about_en)}</span></li>
          ))}</ul>
        </section>
      ))}
    </section>
  );
}

export function Views() {
  const { answer, refusal, waiting } = useAnswer<{ rows: View[] }>('/v1/views', {}, []);
  const wanted = path.value.split('/').slice(1).join('/');
  if (!answer) return waiting ? <Waiting /> : <Refused refusal={refusal} />;
  if (!wanted) return <AllViews views={answer.rows} />;
  const view = answer.rows.find((one) => one.view === wanted);
  return view ? <OneView key={view.view} view={view} /> : <><Title level={1} text={say('nav.views')} /><p class="wrong">{say('views.unknown')}</p></>;
}
