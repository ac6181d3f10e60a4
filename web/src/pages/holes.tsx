// The holes, those that are due first. Nothing here closes one: facts do.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { withQuery, type AsOf } from '../base/ask';
import { came, health, may, mayRows } from '../base/city';
import { saveCsv } from '../base/csv';
import { useAnswer } from '../base/load';
import { filter, query } from '../base/route';
import { instant, numberText, spanText, timeText } from '../base/times';
import { inLanguage, say, titleOf, word, type Titled } from '../base/words';
import { holeOffers } from '../list/records';
import { closingText } from '../parts/closing';
import { GridLink, SubjectLink } from '../parts/links';
import { headerOf, look, LookForm } from '../parts/look';
import { Record as RecordFact } from '../parts/record';
import { AsOfText, Pager, Refused, Table, Title, Waiting, type Column } from '../parts/shown';
import { axisOf, Strip, type Axis } from '../parts/strip';
import { MakeTasks, mayGive } from '../parts/make_tasks';
import { TaskMark, type Tasked } from '../parts/task_mark';

interface Hole extends Tasked { kind: string; subject: string; grid: string; owner: string; since: string | null; due_at: string | null }
interface Holes { rows: Hole[]; next?: string; not_asked: number; as_of: AsOf; complete: boolean }
interface Kind extends Titled { kind: string; closes_zh: string; closes_en: string; personal: boolean }
interface Kinds { rows: Kind[] }

const csvAtOnce = 5000, csvOfPeople = 500, rowsOfPage = 100, soon = 15 * 60, near = 2 * 3600;

export function Due({ due, now }: { due: string; now: string }) {
  const left = instant(due) - instant(now), time = timeText(due, now);
  if (left <= 0) return <><span class="tag">{say('holes.late', { span: spanText(-left) })}</span> <span class="soft whole">{time}</span></>;
  if (left <= soon) return <><span class="tag">{say('holes.left', { span: spanText(left) })}</span> <span class="soft whole">{time}</span></>;
  return <span class="strong">{time}</span>;
}

type Band = 'late' | 'soon' | 'hour' | 'later';

function bandOf(hole: Hole, now: string): Band {
  const left = hole.due_at ? instant(hole.due_at) - instant(now) : 0;
  return left <= 0 ? 'late' : left <= soon ? 'soon' : left <= near ? 'hour' : 'later';
}

// Where a band begins among the rows of a page, with how many of it stand there.
function bandsOf(rows: Hole[], now: string): Map<number, ComponentChildren> {
  const counts = new Map<Band, number>(), bands = new Map<number, ComponentChildren>();
  for (const one of rows) counts.set(bandOf(one, now), (counts.get(bandOf(one, now)) ?? 0) + 1);
  rows.forEach((one, at) => {
    const band = bandOf(one, now), before = at > 0 ? rows[at - 1] : undefined;
    if (before && bandOf(before, now) === band) return;
    bands.set(at, <>
      <span class={band === 'late' || band === 'soon' ? 'strong late' : 'strong'}>{say(`holes.band.${band}`)}</span>
      {say('holes.band.here', { count: numberText(counts.get(band) ?? 0) })}
    </>);
  });
  return bands;
}

function columnsOf(kinds: Map<string, Kind>, axis: Axis, now: string): Column<Hole>[] {
  return [
    { name: 'due', title: say('holes.due'), show: (row) => row.due_at && <Due due={row.due_at} now={now} /> },
    { name: 'hole', title: say('holes.hole'), show: (row) => {
      const kind = kinds.get(row.kind);
      return <span class="strong">{kind ? titleOf(kind) : row.kind}</span>;
    } },
    { name: 'subject', title: say('holes.subject'), show: (row) =>
      <SubjectLink kind={row.kind} subject={row.subject} personal={kinds.get(row.kind)?.personal ?? false} /> },
    { name: 'grid', title: say('holes.place'), show: (row) => (row.grid && <GridLink grid={row.grid} named={false} />) || <span class="soft">{say('city.all')}</span> },
    { name: 'strip', title: say('holes.strip'), show: (row) => row.since && row.due_at &&
      <Strip since={row.since} due={row.due_at} axis={axis} today={now} /> },
    { name: 'owner', title: say('holes.owner_task'), show: (row) => <>{row.owner ? word('owner', row.owner) : say('holes.nobody')}<TaskMark of={row} now={now} /></> },
    { name: 'closes', title: say('holes.closes'), show: (row) => {
      const kind = kinds.get(row.kind);
      return kind && <><span class="second">{closingText(inLanguage(kind.closes_zh, kind.closes_en))}</span><RecordFact small offers={holeOffers(row.kind, row.subject)} /></>;
    } },
  ];
}

function Rows({ answer, kinds, open }: { answer: Holes; kinds: Map<string, Kind>; open: Open | null }) {
  const now = health.value?.now ?? '';
  if (!now) return <Waiting />;
  if (answer.rows.length === 0) return <NoRows open={open} />;
  return <Table caption={say('holes.title')} columns={columnsOf(kinds, axisOf(answer.rows, now), now)} rows={answer.rows}
    bands={bandsOf(answer.rows, now)} keyOf={(row) => `${row.kind} ${row.subject}`} />;
}

// ---- how many there are ----

// By the counts: no page of the list knows it of itself. What is not listed is said, so
// that nobody takes an empty list for a whole net.
interface Count extends Titled { grid: string; kind: string; due: number; not_yet: number }
interface Open { all: number; late: number; people: number; notYet: number; kinds: Count[] }

const sum = (rows: Count[], name: 'due' | 'not_yet'): number => rows.reduce((all, one) => all + one[name], 0);

function useOpen(kind: string, grid: string, later: boolean, listed: (kind: string) => boolean): Open | null {
  const counts = useAnswer<{ rows: Count[] }>(may('counts') ? withQuery('/v1/counts', { grid }) : null, {}, [came.value]).answer?.rows;
  if (!counts) return null;
  const kinds = counts.filter((one) => one.grid === counts[0]?.grid), asked = kinds.filter((one) => !kind || one.kind === kind);
  const rows = asked.filter((one) => listed(one.kind)), others = asked.filter((one) => !listed(one.kind)), late = sum(rows, 'due'), notYet = sum(rows, 'not_yet');
  return { late, all: late + (later ? notYet : 0), notYet: later ? 0 : notYet, people: sum(others, 'due') + sum(others, 'not_yet'), kinds };
}

function NoRows({ open }: { open: Open | null }) {
  if (!open) return <p>{say('holes.none_here')}</p>;
  if (open.notYet + open.people === 0) return <p>{say(query.value.get('kind') || query.value.get('grid') ? 'holes.none_chosen' : 'overview.none')}</p>;
  return (
    <p>{say('holes.none_here')}{open.notYet > 0 && <> {say('holes.none.not_yet', { count: numberText(open.notYet) })}{' '}
      <button type="button" onClick={() => filter({ all: 'true' })}>{say('holes.with_later')}</button></>}
    {open.people > 0 && <> {say('holes.none.people', { count: numberText(open.people) })}</>}</p>
  );
}

// All that is open here, kind by kind, those of people too: how many names nobody.
function OpenKinds({ open, chosen, personal }: { open: Open; chosen: string; personal: (kind: string) => boolean }) {
  const sorted = [...open.kinds].sort((a, b) => b.due - a.due || b.not_yet - a.not_yet);
  if (sorted.length === 0) return null;
  return (
    <ul class="kinds" aria-label={say('holes.kinds')}>
      {sorted.map((one) => (
        <li key={one.kind}><button type="button" aria-pressed={one.kind === chosen} onClick={() => filter(one.kind === chosen ? { kind: '' } : { kind: one.kind, all: 'true' })}>
          {titleOf(one) || one.kind}{personal(one.kind) && <span class="soft"> {say('holes.of_people')}</span>}
          <span class="whole"><b class={one.due > 0 ? 'late' : 'gone'}>{one.due > 0 && <span aria-hidden="true">◆ </span>}{numberText(one.due)}</b>/{numberText(one.due + one.not_yet)}</span></button></li>
      ))}
      <li class="soft">{say('holes.kinds.read')}</li>
    </ul>
  );
}

function Filters({ kinds }: { kinds: Kind[] }) {
  const now = query.value;
  return (
    <form class="filters" onSubmit={(event) => {
      event.preventDefault();
      filter({ grid: String(new FormData(event.currentTarget).get('grid') ?? '').trim() });
    }}>
      <label>{say('kind')}
        <select data-filter value={now.get('kind') ?? ''} onChange={(event) => filter({ kind: event.currentTarget.value })}>
          <option value="">{say('all')}</option>
          {kinds.map((one) => <option key={one.kind} value={one.kind}>{titleOf(one)}</option>)}
        </select>
      </label>
      <label>{say('grid')}<input name="grid" inputMode="numeric" maxLength={31} defaultValue={now.get('grid') ?? ''} key={now.get('grid') ?? ''} /></label>
      <label class="tick"><input type="checkbox" checked={now.get('all') === 'true'}
        onChange={(event) => filter({ all: event.currentTarget.checked ? 'true' : '' })} />{say('holes.with_later')}</label>
      <button type="submit">{say('apply')}</button>
      <button type="button" onClick={() => filter({ kind: '', grid: '', all: '' })}>{say('clear')}</button>
    </form>
  );
}

export function HolesPage() {
  const now = query.value, kind = now.get('kind') ?? '';
  const list = useAnswer<Kinds>('/v1/holes/kinds', {}, []).answer?.rows;
  const kinds = new Map((list ?? []).map((one) => [one.kind, one]));
  const mayPeople = mayRows('read_personal_view'), header = mayPeople ? headerOf(look.value) : '';
  const needsLook = kinds.get(kind)?.personal === true && !header;
  const grid = now.get('grid') ?? '', later = now.get('all') === 'true';
  // The places where pages begin, those that were turned; gone when something else is asked.
  const tokens = useSignal<{ of: string; pages: string[] }>({ of: '', pages: [] }), of = JSON.stringify([kind, grid, later, header]);
  const pages = tokens.value.of === of ? tokens.value.pages : [];
  const addressFrom = (limit: number) => withQuery('/v1/holes', { kind, grid, all: later ? 'true' : '', limit, after: pages[pages.length - 1] ?? '' });
  const { answer, refusal, waiting } = useAnswer<Holes>(list && !needsLook ? addressFrom(rowsOfPage) : null, { purpose: header },
    [came.value, header]);
  const personalKind = (one: string): boolean => kinds.get(one)?.personal === true;
  const all = useOpen(kind, grid, later, (one) => header !== '' || !personalKind(one));
  const from = pages.length * rowsOfPage, known = all && answer && all.all >= from + answer.rows.length ? all : null, next = answer?.next;
  const personal = (list ?? []).filter((one) => one.personal);
  return (
    <section>
      <Title level={1} text={say('holes.title')}>
        <AsOfText of={answer?.as_of} complete={answer?.complete} />
        <button type="button" onClick={() => window.print()}>{say('print')}</button>
        {answer && <button type="button" onClick={() => { void saveCsv(addressFrom(header ? csvOfPeople : csvAtOnce), 'holes.csv', { purpose: header }); }}>{say('csv')}</button>}
      </Title>
      {list && <Filters kinds={list} />}
      {list && all && <OpenKinds open={all} chosen={kind} personal={personalKind} />}
      {mayPeople && personal.length > 0 && <>
        {!header && all && all.people > 0 && (!answer || answer.rows.length > 0) && <p class="note">{say('holes.personal', { count: numberText(all.people) })}</p>}
        <LookForm />
      </>}
      {mayGive() && kind && <MakeTasks key={`${kind} ${grid} ${later}`} kind={kind} grid={grid} later={later} />}
      <Refused refusal={refusal} />
      {known && answer && answer.rows.length > 0 && <p class="figures"><span class="second">{say('holes.all_of', { count: numberText(known.all), late: known.late > 0 ? say('holes.all_late', { count: numberText(known.late) }) : '' })}</span></p>}
      {answer ? <Rows answer={answer} kinds={kinds} open={all} /> : waiting && <Waiting />}
      {answer && <Pager from={from} shown={answer.rows.length} {...(known ? { count: known.all } : {})}
        before={pages.length > 0 ? () => { tokens.value = { of, pages: pages.slice(0, -1) }; } : null}
        next={next ? () => { tokens.value = { of, pages: [...pages, next] }; window.scrollTo(0, 0); } : null} />}
      {answer && answer.not_asked > 0 && <p class="note">{say('holes.not_asked', { count: answer.not_asked })}</p>}
    </section>
  );
}
