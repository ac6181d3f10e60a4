// One place: its entry in the register, who was exposed there and when, what was told to
// the public, what is missing, and who was there, which is asked from a case. Its id stands
// in the address once it is known that it is nobody's home.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { ask, withQuery, type AsOf, type Refusal } from '../base/ask';
import { chosenPlace } from '../base/chosen';
import { came, health, heed, may, mayRows, role, session } from '../base/city';
import { saveCsv } from '../base/csv';
import { useAnswer, type Loaded } from '../base/load';
import { addressOf, query } from '../base/route';
import { numberText, timeText } from '../base/times';
import { textIn, useReadable, useRows, type Page, type Row } from '../base/views';
import { inLanguage, say, titleOf, word, type Titled } from '../base/words';
import { placeOffers } from '../list/records';
import '../look/person.css';
import { CaseLink, GridLink, PersonLink, PlaceLink, postText, SubjectLink, TubeLink } from '../parts/links';
import { headerOf, look, PurposeChoice, purposeText } from '../parts/look';
import { Record as RecordFact } from '../parts/record';
import { AsOfText, Refused, Table, Title, Waiting, type Column } from '../parts/shown';
import { TellForm } from '../parts/tell';
import type { Name } from '../texts/zh';
import { Due } from './holes';
import { StateText } from '../parts/task_mark';

const at = (row: Row | undefined, name: string): string => timeText(textIn(row, name), health.value?.now);
const span = (row: Row, from: string, to: string): string => [at(row, from), at(row, to)].filter((one) => one).join(' – ');

interface Hole { kind: string; subject: string; grid: string; owner: string; since: string | null; due_at: string | null }
interface Holes { rows: Hole[]; next?: string; as_of: AsOf; complete: boolean }
interface Kind extends Titled { kind: string }
// `unknown`: no public place has the id, so that what is not there says nothing.
interface Part extends Loaded<Page> { yours: boolean; unknown: boolean }

const rows = (part: Part): Row[] => part.answer?.rows ?? [];
const holesAtOnce = 2000;

// ---- what is asked ----

const asked = {
  entry: 'register/places', exposed: 'cases/exposure_places', notices: 'cases/notices', swabs: 'cases/environment',
  orders: 'order/in_force', tasks: 'command/tasks', tubes: 'testing/tubes',
} as const;
type What = keyof typeof asked;

function useParts(place: string, readable: Set<string>): Record<What, Part> {
  const one = (what: What, field: string, unknown: boolean, sort?: string): Part => {
    const yours = readable.has(asked[what]);
    return { ...useRows(asked[what], yours ? { [field]: place } : null, { again: came.value, limit: 500, ...(sort ? { sort } : {}) }), yours, unknown };
  };
  const entry = one('entry', 'place', false), unknown = entry.answer?.rows.length === 0;
  return {
    entry, exposed: one('exposed', 'place', unknown, '-told_at'), notices: one('notices', 'place', unknown, '-published_at'),
    swabs: one('swabs', 'place', unknown, '-taken_at'), orders: one('orders', 'place', unknown), tasks: one('tasks', 'place', unknown),
    tubes: one('tubes', 'site', unknown, '-tube_id'),
  };
}

// ---- how it stands ----

function Known({ of }: { of: Part }) {
  const row = rows(of)[0];
  if (!of.yours) return <p class="note">{say('person.not_register')}</p>;
  if (of.refusal) return <Refused refusal={of.refusal} />;
  if (!of.answer) return <Waiting />;
  if (!row) return <p class="wrong">{say('place.unknown')}</p>;
  const air = row.ventilation === null || row.ventilation === undefined ? 'place.air_unknown' : row.ventilation ? 'place.aired' : 'place.not_aired';
  const about: ComponentChildren[] = [
    textIn(row, 'kind') && word('place', textIn(row, 'kind')),
    textIn(row, 'grid') && <><GridLink grid={textIn(row, 'grid').slice(0, 9)} /> <span class="soft">{textIn(row, 'grid')}</span></>,
    textIn(row, 'parent_name') && <PlaceLink place={textIn(row, 'parent')}>{say('place.part_of', { name: textIn(row, 'parent_name') })}</PlaceLink>,
    typeof row.area_m2 === 'number' && say('place.area', { area: numberText(Math.round(row.area_m2)) }),
    say(air),
  ];
  return <p class="parts-of">{about.filter((one) => one).map((one, i) => <span key={i}>{one}</span>)}</p>;
}

// Nothing that was not read is said to be none.
function Fact({ title, of, children }: { title: Name; of: Loaded<unknown> & { yours: boolean }; children: ComponentChildren }) {
  const text = !of.yours ? <span class="soft">{say('person.not_yours')}</span>
    : of.refusal ? <span class="soft">{say('person.cannot_tell')}</span> : !of.answer ? <span class="soft">{say('waiting')}</span> : children;
  return <li><span class="second">{say(title)}</span><span>{text}</span></li>;
}

function Share({ part, all, late = '' }: { part: number; all: number; late?: string }) {
  return <><span class="strong">{all === 0 ? '0' : say('place.of', { part: numberText(part), all: numberText(all) })}</span>{late && <> <span class="second">{late}</span></>}</>;
}

function Standing({ parts, holes }: { parts: Record<What, Part>; holes: Here }) {
  const exposed = rows(parts.exposed), swabs = rows(parts.swabs), open = rows(parts.tasks).filter((row) => row.state !== 'closed');
  const now = health.value?.now ?? '', late = holes.rows.filter((one) => one.due_at !== null && one.due_at <= now).length;
  const waiting = swabs.filter((row) => !row.result).length;
  return (
    <ul class="steps standing" aria-label={say('place.now')}>
      <Fact title="place.now.exposed" of={parts.exposed}><span class="strong">{numberText(exposed.length)}</span></Fact>
      <Fact title="place.now.listed" of={parts.exposed}><Share part={exposed.filter((row) => row.listed_at).length} all={exposed.length} /></Fact>
      <Fact title="place.now.notice" of={parts.exposed}><Share part={exposed.filter((row) => row.noticed_at).length} all={exposed.length} /></Fact>
      <Fact title="place.now.swabs" of={parts.swabs}><Share part={swabs.filter((row) => row.result === 'positive').length} all={swabs.length}
        late={waiting > 0 ? say('place.waiting_results', { count: numberText(waiting) }) : ''} /></Fact>
      <Fact title="place.now.holes" of={holes}><span class="strong">{numberText(holes.rows.length)}</span>
        {late > 0 && <> <span class="tag">{say('place.overdue', { count: numberText(late) })}</span></>}</Fact>
      <Fact title="place.now.tasks" of={parts.tasks}><span class="strong">{numberText(open.length)}</span></Fact>
    </ul>
  );
}

// ---- lists ----

function List({ title, of, columns, none, children }: { title: Name; of: Part; columns: Column<Row>[]; none: Name; children?: ComponentChildren }) {
  if (of.unknown && rows(of).length === 0) return null;
  return (
    <section>
      <Title text={say(title)}>{children}<AsOfText of={of.answer?.as_of} complete={of.answer?.complete} /></Title>
      <Refused refusal={of.refusal} />
      {!of.yours ? <p class="soft">{say('person.not_yours')}</p> : !of.answer ? of.waiting && <Waiting />
        : of.answer.rows.length === 0 ? <p>{say(none)}</p> : <Table caption={say(title)} columns={columns} rows={of.answer.rows} />}
    </section>
  );
}

function Exposed({ of, onAsk }: { of: Part; onAsk: ((row: Row) => void) | null }) {
  return <List title="place.exposed" of={of} none="place.exposed.none" columns={[
    { name: 'when', title: say('place.col.when'), show: (row) => <span class="strong">{span(row, 'from_at', 'until_at') || '–'}</span> },
    { name: 'case_id', title: say('person.col.case'), show: (row) => <CaseLink id={textIn(row, 'case_id')} /> },
    { name: 'list', title: say('place.col.list'), show: (row) => (row.listed_at ? say('place.listed', { at: at(row, 'listed_at') }) : <span class="strong">{say('place.not_listed')}</span>) },
    { name: 'notice', title: say('place.col.notice'), show: (row) => (row.noticed_at ? say('place.noticed', { at: at(row, 'noticed_at') }) : <span class="strong">{say('place.no_notice')}</span>) },
    ...(onAsk ? [{ name: 'ask', title: say('place.who'), show: (row: Row) => <button type="button" onClick={() => onAsk(row)}>{say('place.who.of', { id: textIn(row, 'case_id') })}</button> }] : []),
  ]} />;
}

const text = (name: string, title: Name): Column<Row> => ({ name, title: say(title), show: (row) => textIn(row, name) || '–' });
const time = (name: string, title: Name): Column<Row> => ({ name, title: say(title), show: (row) => <span class="whole">{at(row, name) || '–'}</span> });
const result: Column<Row> = { name: 'result', title: '', show: (row) => (row.result
  ? <><span class={row.result === 'positive' ? 'strong' : ''}>{word('result', textIn(row, 'result'))}</span> <span class="second">{at(row, 'result_at')}</span></>
  : <span class="second">{say('place.no_result')}</span>) };

function Swabs({ of }: { of: Part }) {
  return <List title="place.swabs" of={of} none="place.swabs.none" columns={[
    time('taken_at', 'place.col.taken'), text('object', 'place.col.object'), { ...result, title: say('me.result') }, text('lot', 'place.col.lot'),
    { name: 'tube_id', title: say('me.tube'), show: (row) => <TubeLink tube={textIn(row, 'tube_id')} /> },
  ]} />;
}

function Tasks({ of }: { of: Part }) {
  const now = health.value?.now ?? '';
  return <List title="place.tasks" of={of} none="place.tasks.none" columns={[
    { name: 'due', title: say('holes.due'), show: (row) => (row.state === 'closed' ? at(row, 'due_at') : <Due due={textIn(row, 'due_at')} now={now} />) },
    { name: 'state', title: say('tasks.state'), show: (row) => <StateText state={textIn(row, 'state')} /> },
    { name: 'hole', title: say('holes.hole'), show: (row) => <span class="strong">{inLanguage(textIn(row, 'title_zh'), textIn(row, 'title_en'))}</span> },
    { name: 'owner', title: say('tasks.owner'), show: (row) => <>{postText(textIn(row, 'owner'))} <span class="second">{textIn(row, 'holder')}</span></> },
  ]} />;
}

// ---- what is missing ----

interface Here extends Loaded<Holes> { yours: boolean; rows: Hole[] }

// Of the place itself, and of tubes that were filled there, among the holes of its grid.
function useHoles(place: string, grid: string, tubes: Row[], looked: boolean): Here {
  const yours = mayRows('holes');
  const loaded = useAnswer<Holes>(yours && looked ? withQuery('/v1/holes', { grid, all: 'true', limit: holesAtOnce }) : null, {}, [came.value]);
  const here = new Set([place, ...tubes.map((row) => textIn(row, 'tube_id'))]);
  return { ...loaded, yours, rows: (loaded.answer?.rows ?? []).filter((one) => here.has(one.subject)) };
}

function HolesHere({ holes }: { holes: Here }) {
  const kinds = new Map((useAnswer<{ rows: Kind[] }>(holes.yours ? '/v1/holes/kinds' : null, {}, []).answer?.rows ?? []).map((one) => [one.kind, one]));
  const now = health.value?.now ?? '';
  return (
    <section>
      <Title text={say('place.holes')}><AsOfText of={holes.answer?.as_of} complete={holes.answer?.complete} /></Title>
      <Refused refusal={holes.refusal} />
      {!holes.yours ? <p class="soft">{say('person.not_yours')}</p> : !holes.answer ? holes.waiting && <Waiting />
        : holes.rows.length === 0 ? <p>{say('place.holes.none')}</p> : <Table caption={say('place.holes')} rows={holes.rows} keyOf={(row) => `${row.kind} ${row.subject}`} columns={[
          { name: 'due', title: say('holes.due'), show: (row) => row.due_at && <Due due={row.due_at} now={now} /> },
          { name: 'hole', title: say('holes.hole'), show: (row) => { const kind = kinds.get(row.kind); return <span class="strong">{kind ? titleOf(kind) : row.kind}</span>; } },
          { name: 'subject', title: say('holes.subject'), show: (row) => <SubjectLink kind={row.kind} subject={row.subject} personal={false} /> },
          { name: 'owner', title: say('holes.owner'), show: (row) => (row.owner ? word('owner', row.owner) : say('holes.nobody')) },
        ]} />}
      {holes.answer?.next && <p class="note">{say('place.holes.part', { count: numberText(holesAtOnce) })}</p>}
    </section>
  );
}

// ---- who was there ----

interface Stay { person: string; start: string; end: string; seat: string | null; guessed: boolean }
interface Who { rows: Stay[]; from: string; to: string; missing: unknown[]; as_of: AsOf; complete: boolean; note_zh?: string; note_en?: string }
interface Given { case: string; purpose: string; from: string; to: string }

const local = (moment: string): string => moment.slice(0, 16);

// The case's infectious window cuts what was asked for: then it is said.
function isCut(answer: Who, given: Given): boolean {
  return (given.from !== '' && local(answer.from) > given.from) || (given.to !== '' && local(answer.to) < given.to);
}

// A market has thousands of stays: so many are shown at once.
const staysAtOnce = 200;

function WhoRows({ answer, given }: { answer: Who; given: Given }) {
  const shown = useSignal(staysAtOnce), paper = { reference: say('person.col.case'), id: given.case, purpose: purposeText(given.purpose), who: `${session.value?.name ?? ''} ${session.value?.office ?? ''}`.trim(),
    at: (health.value?.now ?? '').replace('T', ' ').slice(0, 16) };
  const people = new Set(answer.rows.map((one) => one.person)).size;
  return (
    <>
      <p class="on-paper">{say('person.printed', paper)}</p>
      <p class="figures"><span>{say('place.who.count', { count: numberText(answer.rows.length), people: numberText(people), from: timeText(answer.from, health.value?.now), to: timeText(answer.to, health.value?.now) })}</span>
        <AsOfText of={answer.as_of} complete={answer.complete} /></p>
      {answer.missing.length > 0 && <p class="wrong">{say('lookups.missing', { count: answer.missing.length })}</p>}
      {isCut(answer, given) && <p class="wrong">{say('place.who.cut', { from: timeText(answer.from, health.value?.now), to: timeText(answer.to, health.value?.now) })}</p>}
      {(answer.note_zh || answer.note_en) && <p class="note">{inLanguage(answer.note_zh, answer.note_en)}</p>}
      {answer.rows.length === 0 ? <p>{say('place.who.none')}</p> : <Table caption={say('place.who')} rows={answer.rows.slice(0, shown.value)} columns={[
        { name: 'person', title: say('lookups.person'), show: (row) => <span class="strong whole"><PersonLink person={row.person} /></span> },
        { name: 'start', title: say('lookups.start'), show: (row) => timeText(row.start, health.value?.now) },
        { name: 'end', title: say('lookups.end'), show: (row) => <>{timeText(row.end, health.value?.now)}{row.guessed && <span class="soft"> {say('lookups.guessed')}</span>}</> },
        { name: 'seat', title: say('lookups.seat'), show: (row) => row.seat ?? '–' },
      ]} />}
      {answer.rows.length > shown.value && <button type="button" onClick={() => { shown.value += staysAtOnce; }}>{say('case.more', { count: numberText(answer.rows.length - shown.value) })}</button>}
    </>
  );
}

function WhoWasThere({ place, given, change }: { place: string; given: Given; change: (changed: Partial<Given>) => void }) {
  const answer = useSignal<Who | null>(null), refusal = useSignal<Refusal | null>(null), waiting = useSignal(false), asked = useSignal<Given>(given);
  const question = () => ({ method: 'POST' as const, purpose: headerOf({ reference: 'case', id: given.case.trim(), purpose: given.purpose }),
    body: { case: given.case.trim(), place, ...(given.from ? { from: given.from } : {}), ...(given.to ? { to: given.to } : {}) } });
  async function run(): Promise<void> {
    waiting.value = true;
    refusal.value = null;
    try {
      const answered = await ask<Who>('/v1/who', question());
      asked.value = given;
      answer.value = answered;
      look.value = { reference: 'case', id: given.case.trim(), purpose: given.purpose };
    } catch (why) {
      heed(why);
      answer.value = null;
      refusal.value = why as Refusal;
    }
    waiting.value = false;
  }
  return (
    <section id="who">
      <Title text={say('place.who')}>{answer.value && <button type="button" onClick={() => { void saveCsv('/v1/who', 'who.csv', question()); }}>{say('csv')}</button>}</Title>
      <p class="note">{say('place.who.note')}</p>
      <form class="filters" onSubmit={(event) => { event.preventDefault(); void run(); }}>
        <label>{say('lookups.case')}<input required maxLength={64} autocomplete="off" value={given.case} onInput={(event) => change({ case: event.currentTarget.value })} /></label>
        <label>{say('lookups.from')}<input type="datetime-local" value={given.from} onInput={(event) => change({ from: event.currentTarget.value })} /></label>
        <label>{say('lookups.to')}<input type="datetime-local" value={given.to} onInput={(event) => change({ to: event.currentTarget.value })} /></label>
        <PurposeChoice value={given.purpose} fits={(one) => one.traces && one.reads} onChange={(purpose) => change({ purpose })} />
        <button type="submit" class="first" disabled={waiting.value}>{say('lookups.ask')}</button>
      </form>
      <Refused refusal={refusal.value} />
      {waiting.value && !answer.value && <Waiting />}
      {answer.value && <WhoRows answer={answer.value} given={asked.value} />}
    </section>
  );
}

// ---- the page ----

function Opened({ place, readable }: { place: string; readable: Set<string> }) {
  const parts = useParts(place, readable), entry = rows(parts.entry)[0], grid = textIn(entry, 'grid'), name = textIn(entry, 'name');
  const holes = useHoles(place, grid, [...rows(parts.tubes), ...rows(parts.swabs)], !parts.entry.yours || entry !== undefined);
  const given = useSignal<Given>({ case: '', purpose: '', from: '', to: '' });
  const askOf = (row: Row) => {
    given.value = { ...given.value, case: textIn(row, 'case_id'), from: local(textIn(row, 'from_at')), to: local(textIn(row, 'until_at')) };
    document.querySelector<HTMLSelectElement>('#who select')?.focus();
  };
  // Nobody's home: now it may stand in the address, and be sent to somebody.
  const isPublic = entry !== undefined;
  useEffect(() => { if (isPublic && query.peek().get('place') !== place) location.replace(addressOf('place', { place })); }, [isPublic, place]);
  return (
    <>
      <Title level={1} text={name || say('place.title', { id: place })}>
        {name && <span class="second">{place}</span>}
        {grid && may('counts') && <a href={addressOf('wall', { grid: grid.slice(0, 9) })}>{say('place.cloth')}</a>}
        {grid && mayRows('holes') && <a href={addressOf('holes', { grid, all: 'true' })}>{say('place.grid_holes')}</a>}
        {parts.tubes.answer && parts.tubes.answer.rows.length > 0 && <a href={addressOf('views/testing/tubes', { site: place })}>{say('place.tubes')} {numberText(parts.tubes.answer.rows.length)}{parts.tubes.answer.next ? '+' : ''}</a>}
        <button type="button" onClick={() => window.print()}>{say('print')}</button>
      </Title>
      <Known of={parts.entry} />
      {!parts.exposed.unknown && <Standing parts={parts} holes={holes} />}
      <RecordFact offers={placeOffers(place)} />
      <div class="person">
        <div>
          <Exposed of={parts.exposed} onAsk={may('who') ? askOf : null} />
          {!parts.exposed.unknown && <HolesHere holes={holes} />}
          <Tasks of={parts.tasks} />
        </div>
        <div>
          <List title="place.notices" of={parts.notices} none="place.notices.none" columns={[time('published_at', 'place.col.published'),
            { name: 'when', title: say('place.col.when'), show: (row) => span(row, 'from_at', 'until_at') || '–' }, text('advice', 'place.col.advice')]} />
          {['lead', 'commander'].includes(role.value ?? '') && entry && <Publish place={place} exposed={rows(parts.exposed)[0]} />}
          <Swabs of={parts.swabs} />
          <List title="place.orders" of={parts.orders} none="place.orders.none" columns={[
            { name: 'kind', title: say('person.col.order'), show: (row) => word('order', textIn(row, 'kind')) },
            time('starts_at', 'person.col.from'), time('ends_at', 'person.col.until'), text('clause', 'person.col.clause')]} />
        </div>
      </div>
      {may('who') && <WhoWasThere place={place} given={given.value} change={(changed) => { given.value = { ...given.value, ...changed }; }} />}
    </>
  );
}

// What is told to the public: place, time and what to do. Where it may tell who the case is
// the service holds it, and whoever publishes it is asked once more (parts/tell.tsx).
function Publish({ place, exposed }: { place: string; exposed: Row | undefined }) {
  const open = useSignal(false), local = (name: string) => String(exposed?.[name] ?? '').slice(0, 16);
  if (!open.value) return <div class="pager"><button type="button" onClick={() => { open.value = true; }}>{say('place.publish')}</button></div>;
  return <TellForm kind="notice.published" title={place} body={{ place, notice: `N-${Date.now().toString(36)}` }} onDone={() => { open.value = false; }} fields={[
    { name: 'from', title: word('field', 'from'), time: true, value: local('from_at') },
    { name: 'until', title: word('field', 'until'), time: true, value: local('until_at') },
    { name: 'advice', title: say('place.col.advice'), required: true, wide: true }]} />;
}

export function PlacePage() {
  const readable = useReadable(), typed = useSignal(''), inAddress = query.value.get('place') ?? '', place = chosenPlace.value || inAddress;
  // What was chosen leads once; afterwards the address does, so that going back goes back.
  useEffect(() => { if (inAddress) chosenPlace.value = ''; }, [inAddress]);
  if (place && readable) return <Opened key={place} place={place} readable={readable} />;
  return (
    <section>
      <Title level={1} text={say('nav.place')} />
      <p class="note">{say('place.note')}</p>
      <form class="filters" onSubmit={(event) => { event.preventDefault(); chosenPlace.value = typed.value.trim(); }}>
        <label>{say('place.id')}<input data-filter required maxLength={128} autocomplete="off" value={typed.value} onInput={(event) => { typed.value = event.currentTarget.value; }} /></label>
        <button type="submit" class="first">{say('place.open')}</button>
      </form>
    </section>
  );
}
