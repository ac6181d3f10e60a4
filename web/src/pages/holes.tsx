// The holes, those that are due first. Nothing here closes one: facts do.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { withQuery, type AsOf } from '../base/ask';
import { came, health, mayRows } from '../base/city';
import { saveCsv } from '../base/csv';
import { useAnswer } from '../base/load';
import { filter, query } from '../base/route';
import { instant, numberText, spanText, timeText } from '../base/times';
import { inLanguage, say, titleOf, word, type Titled } from '../base/words';
import { headerOf, look, LookForm } from '../parts/look';
import { AsOfText, Pager, Refused, Table, Title, Waiting, type Column } from '../parts/shown';
import { axisOf, Strip, type Axis } from '../parts/strip';
import { MakeTasks, mayGive } from '../parts/make_tasks';

interface Hole { kind: string; subject: string; grid: string; owner: string; since: string | null; due_at: string | null }
interface Holes { rows: Hole[]; more: boolean; not_asked: number; as_of: AsOf; complete: boolean }
interface Kind extends Titled { kind: string; closes_zh: string; closes_en: string; personal: boolean }
interface Kinds { rows: Kind[] }

const rowsAtOnce = 1000, rowsOfPeople = 500, rowsOfPage = 50, soon = 15 * 60, near = 2 * 3600;

export function Due({ due, now }: { due: string; now: string }) {
  const left = instant(due) - instant(now), time = timeText(due, now);
  if (left <= 0) return <><span class="tag">{say('holes.late', { span: spanText(-left) })}</span> <span class="soft">{time}</span></>;
  if (left <= soon) return <><span class="tag">{say('holes.left', { span: spanText(left) })}</span> <span class="soft">{time}</span></>;
  return <span class="strong">{time}</span>;
}

type Band = 'late' | 'soon' | 'hour' | 'later';

function bandOf(hole: Hole, now: string): Band {
  const left = hole.due_at ? instant(hole.due_at) - instant(now) : 0;
  return left <= 0 ? 'late' : left <= soon ? 'soon' : left <= near ? 'hour' : 'later';
}

// Where a band begins among the rows of a page, with how many there are in all of it.
function bandsOf(all: Hole[], shown: Hole[], now: string): Map<number, ComponentChildren> {
  const counts = new Map<Band, number>(), bands = new Map<number, ComponentChildren>();
  for (const one of all) counts.set(bandOf(one, now), (counts.get(bandOf(one, now)) ?? 0) + 1);
  shown.forEach((one, at) => {
    const band = bandOf(one, now), before = at > 0 ? shown[at - 1] : undefined;
    if (before && bandOf(before, now) === band) return;
    bands.set(at, <>
      <span class={band === 'late' || band === 'soon' ? 'strong late' : 'strong'}>{say(`holes.band.${band}`)}</span>
      {say('holes.band.count', { count: numberText(counts.get(band) ?? 0) })}
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
    { name: 'subject', title: say('holes.subject'), show: (row) => row.subject },
    { name: 'grid', title: say('holes.place'), show: (row) => row.grid || <span class="soft">{say('city.all')}</span> },
    { name: 'strip', title: say('holes.strip'), show: (row) => row.since && row.due_at &&
      <Strip since={row.since} due={row.due_at} axis={axis} today={now} /> },
    { name: 'owner', title: say('holes.owner'), show: (row) => (row.owner ? word('owner', row.owner) : say('holes.nobody')) },
    { name: 'closes', title: say('holes.closes'), show: (row) => {
      const kind = kinds.get(row.kind);
      return kind && <span class="second">{inLanguage(kind.closes_zh, kind.closes_en)}</span>;
    } },
  ];
}

function Rows({ answer, kinds }: { answer: Holes; kinds: Map<string, Kind> }) {
  const page = useSignal(0), now = health.value?.now ?? '';
  const filters = query.value.toString();
  useEffect(() => { page.value = 0; }, [filters]);
  if (!now) return <Waiting />;
  if (answer.rows.length === 0) return <p>{say('overview.none')}</p>;
  const last = Math.ceil(answer.rows.length / rowsOfPage) - 1, at = Math.min(page.value, last);
  const shown = answer.rows.slice(at * rowsOfPage, (at + 1) * rowsOfPage);
  const turn = (by: number) => () => { page.value = at + by; };
  return (
    <>
      <Table caption={say('holes.title')} columns={columnsOf(kinds, axisOf(answer.rows, now), now)} rows={shown}
        bands={bandsOf(answer.rows, shown, now)} keyOf={(row) => `${row.kind} ${row.subject}`} />
      <Pager from={at * rowsOfPage} shown={shown.length} count={answer.rows.length}
        before={at > 0 ? turn(-1) : null} next={at < last ? turn(1) : null} />
    </>
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
  const address = withQuery('/v1/holes', {
    kind, grid: now.get('grid') ?? '', all: now.get('all') ?? '', limit: header ? rowsOfPeople : rowsAtOnce,
  });
  const { answer, refusal, waiting } = useAnswer<Holes>(list && !needsLook ? address : null, { purpose: header },
    [came.value, header]);
  const personal = (list ?? []).filter((one) => one.personal);
  return (
    <section>
      <Title level={1} text={say('holes.title')}>
        <AsOfText of={answer?.as_of} complete={answer?.complete} />
        <button type="button" onClick={() => window.print()}>{say('print')}</button>
        {answer && <button type="button" onClick={() => { void saveCsv(address, 'holes.csv', { purpose: header }); }}>{say('csv')}</button>}
      </Title>
      {list && <Filters kinds={list} />}
      {mayPeople && personal.length > 0 && <>
        {!header && <p class="note">{say('holes.personal', { kinds: personal.map(titleOf).join(say('comma')) })}</p>}
        <LookForm />
      </>}
      {mayGive() && kind && <MakeTasks key={kind} kind={kind} owner={answer?.rows[0]?.owner ?? kind.split('/')[0] ?? ''} grid={now.get('grid') ?? ''} />}
      <Refused refusal={refusal} />
      {answer ? <Rows answer={answer} kinds={kinds} /> : waiting && <Waiting />}
      {answer?.more && <p class="note">{say('holes.more', { count: numberText(answer.rows.length) })}</p>}
      {answer && answer.not_asked > 0 && <p class="note">{say('holes.not_asked', { count: answer.not_asked })}</p>}
    </section>
  );
}
