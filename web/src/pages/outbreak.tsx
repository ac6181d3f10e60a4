// One outbreak, or one case of it: the clock in full with every deadline, its owner and its
// clause, where the hours went, 7-1-7, and part by part whether the risk is bottomed out.
// Every figure is the service's; nothing here adds them up.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { withQuery, type AsOf } from '../base/ask';
import { came, health, may } from '../base/city';
import { useAnswer } from '../base/load';
import { addressOf, filter, query } from '../base/route';
import { narrow } from '../base/size';
import { numberText, spanText, timeText } from '../base/times';
import { inLanguage, say, word } from '../base/words';
import { Fold } from '../parts/fold';
import { barsOf, Waterfall, type Spent } from '../parts/waterfall';
import { around, Chain, type Link } from '../parts/chain';
import { CaseLink } from '../parts/links';
import { viewOffers } from '../list/records';
import { Record as RecordFact } from '../parts/record';
import { Refused, Table, Title, Waiting, type Column } from '../parts/shown';
import '../look/outbreak.css';

interface Step extends Spent {
  outbreak: string; case_id: string; place: number; counted_from: string | null; from_at: string | null; due_at: string | null; state: string;
  in_time: number; late: number; overdue: number; pending: number; unknown: number; took_us: number | null; deadline_us: number | null; owner_zh: string | null; owner_en: string | null; clause_zh: string | null; clause_en: string | null;
}
interface Rows<Row> { rows: Row[]; as_of: AsOf; complete: boolean; next?: string | null }
interface Part { outbreak: string; part: string; holds: boolean | null; open: number; pending: number; since: string | null; holds_from: string | null }
interface Risk { outbreak: string; level: string; least: number; most: number; open: number }
interface Found { case_id: string; outbreak: string; category: string; linked: boolean }

const targets = ['detected_7', 'notified_1', 'responded_7'];
const time = (at: string | null): string => timeText(at, health.value?.now);

// A day stands with the hour, also where it is today's: after midnight "10:00" alone is read
// as either.
const fullTime = (at: string | null): string => timeText(at, health.value?.now.slice(0, 4));

// ---- the clock ----

// Of all cases when the first was: others may be open.
const doneText = (row: Step): string => (!row.done_at ? '–' : row.case_id || targets.includes(row.step) ? fullTime(row.done_at) : say('outbreak.done.first', { at: fullTime(row.done_at) }));

// Of all cases, or all contacts of one, the earliest deadline of those that are not done.
// Where there is none, why.
function dueText(row: Step): ComponentChildren {
  const counted = row.in_time + row.late + row.overdue + row.pending;
  if (row.due_at) return row.case_id && !row.step.startsWith('contacts_') || targets.includes(row.step) ? fullTime(row.due_at) : say('outbreak.due.first', { at: fullTime(row.due_at) });
  if (row.deadline_us === null) return <span class="soft">{say('outbreak.due.not_set')}</span>;
  if (counted === 0) return <span class="soft">{say(row.unknown > 0 || row.state === 'unknown' ? 'outbreak.due.unknown' : 'outbreak.due.nobody')}</span>;
  return <span class="soft">{say(row.unknown > 0 ? 'outbreak.due.unknown_rest' : 'outbreak.due.all_done')}</span>;
}

// What is due, and in time of it; what is not yet due stands beside it and in no share.
function shareText(row: Step): ComponentChildren {
  const due = row.in_time + row.late + row.overdue;
  if (due + row.pending + row.unknown === 0) return '–';
  return <>{due > 0 && <span class="strong">{say('place.of', { part: numberText(row.in_time), all: numberText(due) })}</span>}
    {due > 0 && row.pending + row.unknown > 0 && ' · '}
    {row.pending > 0 && <span class="soft">{say('outbreak.pending', { count: numberText(row.pending) })}</span>}
    {row.pending > 0 && row.unknown > 0 && ' · '}
    {row.unknown > 0 && <span class="soft">{say('outbreak.unknown', { count: numberText(row.unknown) })}</span>}</>;
}

const columns = (): Column<Step>[] => [
  { name: 'step', title: say('outbreak.step'), show: (row) => <span class="strong">{word('clockstep', row.step)}</span> },
  { name: 'done', title: say('outbreak.done'), show: doneText },
  { name: 'due', title: say('outbreak.due'), show: dueText },
  { name: 'state', title: say('outbreak.state'), show: (row) => <span class={row.state === 'overdue' ? 'tag' : ''}>{word('stepstate', row.state)}</span> },
  { name: 'share', title: say('outbreak.in_time'), show: shareText },
  { name: 'took', title: say('outbreak.took'), number: true, show: (row) => (row.took_us === null ? '–' : spanText(row.took_us / 1e6)) },
  { name: 'given', title: say('outbreak.given'), number: true, show: (row) => (row.deadline_us === null ? '–' : spanText(row.deadline_us / 1e6)) },
  { name: 'from', title: say('outbreak.from'), show: (row) => (row.counted_from ? word('clockstep', row.counted_from) : '–') },
  { name: 'owner', title: say('outbreak.owner'), show: (row) => inLanguage(row.owner_zh ?? '', row.owner_en ?? '') || '–' },
  { name: 'clause', title: say('outbreak.clause'), show: (row) => <span class="second">{row.clause_en === 'none' ? say('outbreak.no_clause') : inLanguage(row.clause_zh ?? '', row.clause_en ?? '') || '–'}</span> },
];

// On a telephone a row has its step, its state and its share; the others come at a touch.
function Clock({ rows, asOf, complete }: { rows: Step[]; asOf: AsOf; complete: boolean }) {
  const all = useSignal(false), late = rows.filter((one) => one.state === 'overdue').length;
  return (
    <Fold text={say('outbreak.clock')} figure={late > 0 ? say('outbreak.overdue', { count: late }) : ''} asOf={asOf} complete={complete} open>
      <p class="note">{say('outbreak.clock.note')}</p>
      <div class={all.value ? 'clock-table' : 'clock-table few'}>
        <Table caption={say('outbreak.clock')} columns={columns()} rows={rows} keyOf={(row) => row.step} />
        {narrow.value && <button type="button" aria-pressed={all.value} onClick={() => { all.value = !all.value; }}>{say(all.value ? 'outbreak.less' : 'outbreak.more')}</button>}
      </div>
    </Fold>
  );
}

function Hours({ rows, asOf, complete }: { rows: Step[]; asOf: AsOf; complete: boolean }) {
  const steps = rows.filter((one) => !targets.includes(one.step)), fixed = rows.filter((one) => targets.includes(one.step));
  const sum = barsOf(steps).reduce((all, one) => all + one.span, 0);
  return (
    <div class="halves">
      <Fold text={say('outbreak.hours')} figure={sum > 0 ? spanText(sum / 1e6) : ''} asOf={asOf} complete={complete}>
        <p class="note">{say(rows[0]?.case_id ? 'outbreak.hours.case' : 'outbreak.hours.all')}</p>
        <Waterfall steps={steps} />
      </Fold>
      {fixed.length > 0 && <Fold text={say('outbreak.717')} asOf={asOf} complete={complete}>
        <p class="note">{say('outbreak.717.note')}</p>
        <Table caption={say('outbreak.717')} folds={false} rows={fixed} keyOf={(row) => row.step} columns={columns().filter((one) => ['step', 'done', 'due', 'state', 'took'].includes(one.name))} />
      </Fold>}
    </div>
  );
}

// ---- bottomed out ----

// Whether a part holds; of one of which nothing can be said yet, that.
const holdsText = (row: Part) => (row.holds === null ? <span class="soft">{say('outbreak.part.none')}</span>
  : row.holds ? <span><span aria-hidden="true">● </span>{say('outbreak.part.holds')}</span> : <span class="strong"><span aria-hidden="true">○ </span>{say('outbreak.part.open')}</span>);

const levels = ['close', 'secondary', 'general', 'unknown'];

function Bottom({ outbreak }: { outbreak: string }) {
  const parts = useAnswer<Rows<Part>>(withQuery('/v1/views/tracing/bottomed_out', { outbreak, limit: 50 }), {}, [came.value]);
  const risk = useAnswer<Rows<Risk>>(withQuery('/v1/views/tracing/open_risk', { outbreak, limit: 20 }), {}, [came.value]);
  const found = useAnswer<Rows<Found>>(withQuery('/v1/views/cases/found', { outbreak, limit: 5000 }), {}, [came.value]);
  const held = parts.answer?.rows.filter((one) => one.holds).length ?? 0, cases = found.answer?.rows ?? [];
  const categories = ['named_contact', 'zone', 'screening', 'clinic_or_self', 'unknown'];
  const risks = levels.map((level) => risk.answer?.rows.find((one) => one.level === level)).filter((one) => one !== undefined), close = risks.find((one) => one.level === 'close');
  return (
    <div class="halves">
      <Fold text={say('outbreak.bottom')} figure={parts.answer ? say('place.of', { part: held, all: parts.answer.rows.length }) : ''} asOf={parts.answer?.as_of} complete={parts.answer?.complete}>
        <p class="note">{say('outbreak.bottom.note')}</p>
        <Refused refusal={parts.refusal} />
        {!parts.answer ? parts.waiting && <Waiting /> : <>
          <p class="figures"><span><span class="key">{say('place.of', { part: held, all: parts.answer.rows.length })}</span>{say('outbreak.parts_hold')}</span></p>
          <Table caption={say('outbreak.bottom')} folds={false} rows={parts.answer.rows} keyOf={(row) => row.part} columns={[
            { name: 'part', title: say('outbreak.part'), show: (row) => word('part', row.part) },
            { name: 'holds', title: say('outbreak.state'), show: holdsText },
            { name: 'open', title: say('outbreak.against'), number: true, show: (row) => <>{numberText(row.open)}{row.pending > 0 && <span class="soft"> {say('outbreak.pending', { count: numberText(row.pending) })}</span>}</> },
            { name: 'from', title: say('outbreak.holds_from'), show: (row) => (row.holds ? '' : time(row.holds_from) || '–') },
          ]} /></>}
      </Fold>
      <div class="stack">
        <Fold text={say('outbreak.risk')} figure={close ? `${word('level', close.level)} ${say('outbreak.interval', { least: numberText(close.least), most: numberText(close.most) })}` : ''} asOf={risk.answer?.as_of} complete={risk.answer?.complete}>
          <p class="note">{say('outbreak.risk.note')}</p>
          <Refused refusal={risk.refusal} />
          {risk.answer && <Table caption={say('outbreak.risk')} folds={false} rows={risks} keyOf={(row) => row.level} columns={[
            { name: 'level', title: say('lookups.level'), show: (row) => word('level', row.level) },
            { name: 'interval', title: say('outbreak.infected'), number: true, show: (row) => <span class="strong">{say('outbreak.interval', { least: numberText(row.least), most: numberText(row.most) })}</span> },
            { name: 'open', title: say('outbreak.owed'), number: true, show: (row) => numberText(row.open) },
          ]} />}
        </Fold>
        <Fold text={say('outbreak.found')} figure={found.answer ? say('outbreak.cases_count', { count: numberText(cases.length) }) : ''} asOf={found.answer?.as_of} complete={found.answer?.complete}>
          <p class="note">{say('outbreak.found.note')}</p>
          <Refused refusal={found.refusal} />
          {found.answer && <Table caption={say('outbreak.found')} folds={false} rows={categories} keyOf={(one) => one} columns={[
            { name: 'category', title: say('outbreak.category'), show: (one) => word('wall.found', one) },
            { name: 'cases', title: say('outbreak.cases'), number: true, show: (one) => say('place.of', { part: cases.filter((row) => row.category === one).length, all: cases.length }) },
            { name: 'unlinked', title: say('outbreak.unlinked'), number: true, show: (one) => cases.filter((row) => row.category === one && !row.linked).length },
            { name: 'which', title: say('outbreak.which'), show: (one) => <Cases cases={cases.filter((row) => row.category === one)} /> },
          ]} />}
        </Fold>
      </div>
    </div>
  );
}

function Chains({ outbreak, one }: { outbreak: string; one: string }) {
  const loaded = useAnswer<Rows<Link>>(withQuery('/v1/views/cases/milestones', { outbreak, limit: 5000 }), {}, [came.value, outbreak]);
  const rows = loaded.answer ? (one ? around(loaded.answer.rows, one) : loaded.answer.rows) : [];
  return (
    <Fold text={say('case.chain')} figure={rows.length > 0 ? say('outbreak.cases_count', { count: numberText(rows.length) }) : ''} asOf={loaded.answer?.as_of} complete={loaded.answer?.complete}>
      <Refused refusal={loaded.refusal} />
      {loaded.answer ? <Chain links={rows} here={one} /> : loaded.waiting && <Waiting />}
    </Fold>
  );
}

const casesShown = 12;

function Cases({ cases }: { cases: Found[] }) {
  return <>{cases.slice(0, casesShown).map((one, at) => <span key={one.case_id}>{at > 0 && ' · '}<CaseLink id={one.case_id} /></span>)}
    {cases.length > casesShown && <a href={addressOf('views/cases/found', { category: cases[0]!.category })}> +{numberText(cases.length - casesShown)}</a>}</>;
}

// ---- the page ----

export function OutbreakPage() {
  const wanted = query.value.get('outbreak'), one = query.value.get('case') ?? '';
  // Of every outbreak one row: those there are.
  const all = useAnswer<Rows<Step>>('/v1/clock?step=detected_7&limit=200', {}, [came.value]);
  const names = [...new Set((all.answer?.rows ?? []).filter((row) => row.case_id === '').map((row) => row.outbreak))];
  const outbreak = wanted ?? names[names.length - 1] ?? '';
  const known = all.answer !== null && (names.includes(outbreak) || one !== '');
  const clock = useAnswer<Rows<Step>>(known ? withQuery('/v1/clock', one ? { case_id: one, limit: 50 } : { outbreak, limit: 50 }) : null, {}, [came.value, outbreak, one]);
  const rows = (clock.answer?.rows ?? []).filter((row) => row.case_id === one && (one !== '' || row.outbreak === outbreak));
  return (
    <section>
      <Title level={1} text={say('nav.outbreak')}>
        <a href={addressOf('views/tracing/clock')}>{say('wall.to_view')}</a>
        <button type="button" onClick={() => window.print()}>{say('print')}</button>
      </Title>
      <form class="filters" onSubmit={(event) => { event.preventDefault(); filter({ case: String(new FormData(event.currentTarget).get('case') ?? '').trim() }); }}>
        <label>{say('outbreak.which_one')}<select data-filter value={outbreak} onChange={(event) => filter({ outbreak: event.currentTarget.value, case: '' })}>
          {names.map((name) => <option key={name} value={name}>{name || say('outbreak.unnamed')}</option>)}</select></label>
        <label>{say('outbreak.one_case')}<input name="case" maxLength={128} autocomplete="off" key={one} defaultValue={one} /></label>
        <button type="submit">{say('apply')}</button>
        {one && <button type="button" onClick={() => filter({ case: '' })}>{say('outbreak.all_cases')}</button>}
      </form>
      <RecordFact offers={viewOffers('tracing/clock')} />
      <Refused refusal={all.refusal ?? clock.refusal} />
      {!all.answer && all.waiting && <Waiting />}
      {all.answer && !known && <p>{say('outbreak.none')}</p>}
      {known && (!clock.answer ? !clock.refusal && <Waiting /> : rows.length === 0 ? <p>{say('outbreak.no_clock')}</p>
        : <Clock rows={rows.filter((row) => !targets.includes(row.step))} asOf={clock.answer.as_of} complete={clock.answer.complete} />)}
      {/* What stands below the clock is asked for with it, and shown once the clock is there: it would be pushed out of the window. */}
      <div hidden={!clock.answer && !clock.refusal}>
        {known && !one && may('read_view') && <Bottom outbreak={outbreak} />}
        {known && clock.answer && rows.length > 0 && <Hours rows={rows} asOf={clock.answer.as_of} complete={clock.answer.complete} />}
        {known && may('read_view') && rows[0] && <Chains outbreak={rows[0].outbreak} one={one} />}
      </div>
    </section>
  );
}
