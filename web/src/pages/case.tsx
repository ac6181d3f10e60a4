// One case: how far it is, where it was, whom to call next, who infected whom. Its id
// stands in the address; no id of a person does. Every load of people is a look.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { ask, Refusal, withQuery, type AsOf } from '../base/ask';
import { sendMany, type Line } from '../base/batch';
import { draftOf, keepDraft, settled, taken, tell } from '../base/book';
import { came, health, heed } from '../base/city';
import { useAnswer } from '../base/load';
import { addressOf, go, query } from '../base/route';
import { narrow } from '../base/size';
import { instant, numberText, spanText, timeText } from '../base/times';
import { inLanguage, say, word } from '../base/words';
import { choicesOf } from '../list/choices';
import { caseOffers, stepOffers } from '../list/records';
import { caseChoices, CaseChoices, CaseTable, useCases } from '../parts/cases';
import { Questions, settledBy, type Answered, type Said } from '../parts/ask_stay';
import { around, Chain as ChainPicture } from '../parts/chain';
import '../look/outbreak.css';
import { ContactNotice, guessWarning } from '../parts/contact_notice';
import { Differ } from '../parts/differ';
import { Days, type CaseStay, type Mark } from '../parts/days';
import { PersonLink, PlaceLink } from '../parts/links';
import { headerOf, look, PurposeChoice } from '../parts/look';
import { Record as RecordFact } from '../parts/record';
import { AsOfText, Pager, Refused, Title, Waiting } from '../parts/shown';
import { TellForm, type Field } from '../parts/tell';

interface Milestones { case_id: string; outbreak: string | null; classification: string | null; onset: string | null; reported: string | null; linked_case: string | null; grid: string | null }
interface Step { place: number; step: string; done_at: string | null; due_at: string | null; state: string; pending: number; overdue: number; in_time: number; late: number }
interface Page<Row> { rows: Row[]; as_of: AsOf; complete: boolean }
interface Reason { text_zh?: string; text_en?: string }
export interface Row {
  place: number; person: string | null; contact: string | null; description: string | null; state: string; level: string; change: string | null; changes: string[]; was: number; reviewed_at: string | null; suggested: boolean;
  priority: number | null; probability: number | null; low: number | null; high: number | null; seconds: number | null; place_kind: string | null; guessable: boolean; guess_why: string | null; told_day: string | null; told_kind: string | null;
  first_exposure: string | null; last_exposure: string | null; exposed_until: string | null; via: string | null; reasons: Reason[];
  attempts: number; attempted_at: string | null; attempt: string | null; reached_at: string | null; placed_at: string | null; placed_in: string | null;
  tested_at: string | null; result: string | null; dismissed_for: string | null;
}
interface Gone { person: string | null; contact: string | null; identified: string | null; reviewed_at: string }
interface Work extends Page<Row> { case: string; to_call: number; count: number; computed: boolean; not_a_case: boolean; states: Record<string, number>; worked_at: string | null; reviewed_at: string | null; gone: Gone[]; gone_count: number; names?: Person[]; next?: string; note_zh?: string; note_en?: string }
interface Stays extends Page<CaseStay> { from: string; to: string; infectious_from: string; infectious_to: string; missing: { day: string }[] }
interface Who { person: string | null; symptomatic: boolean | null; known_as: string | null; known_as_too: string | null; name?: string | null; phone?: string | null }
interface Waits { number: string; contacts: number }
interface Person { person: string; name?: string | null; phone?: string | null }
interface Loaded { work: Work; stays: Stays | null; staysRefused: Refusal | null; who: Who | null; waits: Waits[]; names: Map<string, Person> }

const casesOfPage = 50;
const idOf = (row: Row) => row.person ?? row.contact ?? '';
// What is there and rounds to nothing is not nothing.
const percent = (share: number) => (share > 0 && share < .0005 ? '<0.1%' : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)}%`);

// Two bounds that read the same are said once.
const between = (low: number, high: number) => (percent(low) === percent(high) ? percent(low) : `${percent(low)}–${percent(high)}`);

// ---- head ----

const chain = ['first_facts', 'core_report', 'contacts_listed', 'full_report', 'interviewed', 'isolated', 'treated', 'contacts_reached', 'contacts_placed', 'contacts_tested'];

function Clock({ id, about, person }: { id: string; about: Milestones | null; person: string | null }) {
  const loaded = useAnswer<Page<Step>>(withQuery('/v1/clock', { case_id: id, limit: 50 }), {}, [id, came.value, settled.value]);
  const steps = loaded.answer?.rows ?? [], now = health.value?.now;
  return (
    <>
      <Refused refusal={loaded.refusal} />
      <ul class="steps">
        {chain.map((name) => steps.find((one) => one.step === name)).filter((one) => one !== undefined).map((one) => {
          const late = one.state === 'overdue', due = one.in_time + one.late + one.overdue, many = one.step.startsWith('contacts_') && one.step !== 'contacts_listed';
          return (
            <li key={one.step}>
              <span class="second">{word('casestep', one.step)}</span>
              <span class={late ? 'tag' : 'strong'}>{many && due > 0 ? say('case.share', { done: numberText(one.in_time + one.late), due: numberText(due) }) : many && one.pending > 0 ? say('case.pending', { count: numberText(one.pending) })
                : one.done_at ? timeText(one.done_at, now) : late && one.due_at && now
                  ? say('case.late', { span: spanText(instant(now) - instant(one.due_at)) }) : one.due_at ? say('case.due', { at: timeText(one.due_at, now) }) : word('stepstate', one.state)}</span>
              {one.done_at && one.state === 'late' && <span class="second">{word('stepstate', 'late')}</span>}
              {!one.done_at && stepOffers[one.step] && <RecordFact small offers={[{ ...stepOffers[one.step]!, given: { case: id, ...(about?.outbreak ? { outbreak: about.outbreak } : {}), ...stepOffers[one.step]!.given } }]} />}
              {many && due > 0 && one.pending > 0 && <span class="soft">{say('case.pending', { count: numberText(one.pending) })}</span>}
            </li>
          );
        })}
      </ul>
      {(loaded.answer || loaded.refusal) && <div class="case-more"><RecordFact title={say('record.case')} offers={caseOffers(id, about?.outbreak ?? null, person)} />
        <a href={addressOf('outbreak', { case: id })}>{say('outbreak.hours')}</a></div>}
    </>
  );
}

function Head({ id, about, who }: { id: string; about: Milestones | null; who: Who | null }) {
  const known = [...new Set([who?.known_as, who?.known_as_too])].filter((one) => one && one !== id);
  return (
    <Title level={1} text={say('case.title', { id })}>
      {known.length > 0 && <span class="second" data-known-as>{say('case.known_as', { numbers: known.join(say('comma')) })}</span>}
      {who?.person && <span class="strong"><PersonLink person={who.person}>{who.name ?? who.person}</PersonLink></span>}
      {who?.phone && <span><a href={`tel:${who.phone}`}>{who.phone}</a></span>}
      {about && <span class="second">{about.classification ? word('classification', about.classification) : ''}
        {about.onset && ` · ${say('case.onset', { at: timeText(about.onset, health.value?.now) })}`}
        {about.outbreak && ` · ${about.outbreak}`}</span>}
      {who && <span class="second" data-symptomatic>{say(who.symptomatic === null ? 'case.symptoms.unsaid' : who.symptomatic ? 'case.symptoms.some' : 'case.symptoms.none')}</span>}
    </Title>
  );
}

// ---- the calling list ----

type Act = 'confirmed' | 'dismissed' | 'attempted' | 'reached' | 'placed' | 'tested' | 'identified';

function actsOf(row: Row): Act[] {
  if (!row.person) return ['identified'];
  if (row.state === 'suggested' || row.state === 'named') return row.reached_at ? ['confirmed', 'dismissed'] : ['confirmed', 'dismissed', 'attempted', 'reached'];
  if (row.state === 'dismissed') return ['confirmed'];
  if (row.state === 'converted') return [];
  return row.reached_at ? (row.placed_at ? ['tested'] : ['placed', 'tested', 'dismissed']) : ['reached', 'attempted', 'placed', 'dismissed'];
}

function fieldsOf(act: Act, row: Row): Field[] {
  const field = (name: string, more: Partial<Field> = {}): Field => ({ name, title: word('field', name), ...more });
  switch (act) {
    case 'confirmed': return [field('level', { words: choicesOf('contact.confirmed level'), required: true, value: row.level }), field('judgement', { required: true, wide: true })];
    case 'dismissed': return [field('reason', { words: choicesOf('contact.dismissed reason'), group: 'dismissed', required: true }), field('judgement', { wide: true })];
    case 'attempted': return [field('result', { words: choicesOf('contact.attempted result'), group: 'attempt', required: true }),
      field('how', { words: choicesOf('contact.attempted how') })];
    case 'reached': return [field('how', { words: choicesOf('contact.reached how'), required: true })];
    case 'placed': return [field('where', { words: choicesOf('contact.placed where'), required: true }), field('place', { names: 'place' })];
    case 'tested': return [field('tube'), field('result', { words: choicesOf('contact.tested result'), group: 'result' })];
    case 'identified': return [field('person', { required: true, names: 'person' })];
  }
}

function bodyOf(act: Act, row: Row, id: string, outbreak: string | null): Record<string, unknown> {
  const of = { ...(row.person ? { person: row.person } : { contact: row.contact }), ...(outbreak ? { outbreak } : {}) };
  if (act === 'confirmed')
    return { ...of, case: id, ...(row.first_exposure ? { exposed_from: row.first_exposure } : {}), ...(row.last_exposure ? { exposed_until: row.last_exposure } : {}) };
  return act === 'dismissed' || act === 'identified' ? { ...of, case: id } : of;
}

// A call is about a person in an outbreak. Where nobody knows yet of which the case is, it is
// said of the case, too, by naming whom it was about: else the call would be in nobody's list.
const namesCase: Act[] = ['confirmed', 'dismissed', 'identified'];

function sendNamed(row: Row, id: string, kind: string, said: Record<string, unknown>, at: string): void {
  tell('contact.named', idOf(row), { case: id, person: row.person, outbreak: said.outbreak, how: 'lookup', level: row.level,
    ...(row.first_exposure ? { exposed_from: row.first_exposure } : {}), ...(row.last_exposure ? { exposed_until: row.last_exposure } : {}) }, at);
  tell(kind, idOf(row), said, at);
}

// What is written here may be read to the contact: it must not tell whose contact they are.
export function revealsIn(text: string, id: string, who: Who | null): boolean {
  const low = text.toLowerCase();
  return [id, who?.person, who?.name, who?.phone].some((one) => one && one.length > 1 && low.includes(one.toLowerCase()))
    || /座位|邻座|\d+\s*[排号]\s*[A-F]?\s*座|\bseat\b/i.test(text);
}

function warningOf(row: Row, loaded: Loaded, id: string, given: Record<string, string>): string | null {
  if (revealsIn(Object.values(given).join(' '), id, loaded.who)) return say('case.reveals');
  return row.guessable ? guessWarning(row) : null;
}

// Who was judged to be a contact is told so; who was not judged yet is not.
const told = ['confirmed', 'reached', 'placed', 'tested'];

function stateOf(row: Row): string {
  const now = health.value?.now;
  const last = row.tested_at ? `${timeText(row.tested_at, now)}${row.result ? ` ${word('result', row.result)}` : ''}`
    : row.placed_at ? `${timeText(row.placed_at, now)}${row.placed_in ? ` ${word('where', row.placed_in)}` : ''}`
      : row.reached_at ? `${told.includes(row.state) ? '' : `${word('contact', 'reached')} `}${timeText(row.reached_at, now)}`
        : row.attempts > 0 ? say('case.tried', { count: row.attempts, at: timeText(row.attempted_at, now), why: row.attempt ? word('attempt', row.attempt) : '' })
          : row.dismissed_for ? word('dismissed', row.dismissed_for) : '';
  return `${word('contact', row.state)}${last && ` · ${last}`}`;
}

// What changed since somebody went through the row, and when that was: the same for everybody.
// Whoever rose past another may stand lower than before, where new ones came above: then the
// numbers would tell the contrary.
function Changes({ row }: { row: Row }) {
  if (row.changes.length === 0) return null;
  return (
    <span class="moved"> {row.changes.map((one) => (((one === 'up' && row.place < row.was) || (one === 'down' && row.place > row.was)) && row.place > 0 && row.was > 0
      ? say(`case.moved.${one}`, { was: row.was, now: row.place }) : word('change', one))).join(say('comma'))}
      {row.reviewed_at && <span class="soft"> {say('case.since', { at: timeText(row.reviewed_at, health.value?.now) })}</span>}</span>
  );
}

// What stood before the eyes of who went through the list: rows that are shown, as of when
// they were asked for, and who has gone from it.
function linesOf(work: Work, rows: Row[], id: string, outbreak: string | null): Line[] {
  const line = (body: Record<string, unknown>): Line => ({ kind: 'contact.reviewed', at: work.as_of.at ?? '', seq: 0, taken: false, refusal: null, body: { case: id, ...(outbreak ? { outbreak } : {}), ...body } });
  const until = (row: Row) => [row.last_exposure, row.exposed_until].filter((one) => one !== null).sort((a, b) => instant(a) - instant(b)).pop();
  return [
    ...rows.filter((row) => row.place > 0 || row.reviewed_at).map((row) => line({
      ...(row.person ? { person: row.person } : { contact: row.contact }), rank: row.place, level: row.level,
      ...(until(row) ? { exposed_until: until(row) } : {}), ...(row.seconds === null ? {} : { seconds: row.seconds }),
      ...(row.probability === null ? {} : { probability_ppm: Math.round(row.probability * 1e6) }), ...(row.result ? { result: row.result } : {}) })),
    ...work.gone.map((one) => line({ ...(one.person ? { person: one.person } : { contact: one.contact }), rank: 0, level: 'general' })),
  ];
}

function Reviewed({ work, rows, id, outbreak, onDone }: { work: Work; rows: Row[]; id: string; outbreak: string | null; onDone: () => void }) {
  const busy = useSignal(false), refusal = useSignal<Refusal | null>(null);
  const changed = rows.filter((row) => row.changes.length > 0).length + work.gone.length;
  if (rows.length === 0) return null;
  const send = async () => {
    busy.value = true;
    const lines = linesOf(work, rows, id, outbreak);
    await sendMany(lines, () => undefined);
    // A fact that its time makes doubtful is a row as the service itself told it.
    if (lines.some((one) => one.warned)) await sendMany(lines.filter((one) => one.warned), () => undefined);
    refusal.value = lines.find((one) => one.refusal)?.refusal ?? null;
    busy.value = false;
    if (!refusal.value) onDone();
  };
  return (
    <p class="pager"><button type="button" disabled={busy.value} onClick={() => { void send(); }}>{say('case.review', { count: rows.length })}</button>
      <span class="soft">{changed > 0 ? say('case.review.changed', { count: changed }) : say('case.review.note')}</span>
      <Refused refusal={refusal.value} /></p>
  );
}

// The strongest comes first. On a telephone five of them fill a window, and whom to call
// next is out of sight: there the others are a line that opens.
function Reasons({ row }: { row: Row }) {
  const list = (of: Reason[]) => of.map((one, at) => <span key={at}>{at > 0 && say('semicolon')}{inLanguage(one.text_zh, one.text_en)}</span>);
  const first = narrow.value ? 1 : row.reasons.length, more = row.reasons.slice(first);
  return (
    <>
      <p class="second">{list(row.reasons.slice(0, first))}
        {!row.suggested && <span class="soft">{say('case.no_record')}</span>}
        {row.suggested && row.state === 'dismissed' && <span class="soft">{say('case.still_suggested')}</span>}</p>
      {more.length > 0 && <details class="more-reasons"><summary>{say('case.reasons.more', { count: more.length })}</summary><p class="second">{list(more)}</p></details>}
    </>
  );
}

// The form that is open at a row, and how and where the row stood when it was opened.
interface OpenForm { act: Act; stood: string; row: Row; at: number; known: Person | undefined }
const standOf = (row: Row): string => [row.state, row.attempts, row.attempted_at, row.reached_at, row.placed_at, row.tested_at, row.result, row.dismissed_for].join(' ');

// Of what was recorded here the row says what it said, until the list has it.
interface Kept { row: Row; at: number }
const keptActs: Act[] = ['confirmed', 'reached', 'placed', 'tested'];

function afterAct(row: Row, act: Act, said: Record<string, unknown>): Row {
  const now = health.value?.now ?? null, text = (name: string) => (typeof said[name] === 'string' ? said[name] : null);
  // Who was not judged yet is not judged by being called.
  const state = act === 'confirmed' ? (row.tested_at ? 'tested' : row.placed_at ? 'placed' : row.reached_at ? 'reached' : 'confirmed') : told.includes(row.state) ? act : row.state;
  return { ...row, state, place: 0, changes: [], ...(act === 'confirmed' ? { level: text('level') ?? row.level } : {}), ...(act === 'reached' ? { reached_at: now } : {}),
    ...(act === 'placed' ? { placed_at: now, placed_in: text('where') } : {}), ...(act === 'tested' ? { tested_at: now, result: text('result') } : {}) };
}

function CallRow({ row, loaded, id, outbreak, form, onForm, onSaid, here, stale, left, again }: {
  onSaid: (act: Act, said: Record<string, unknown>) => void; here: boolean;
  row: Row; loaded: Loaded; id: string; outbreak: string | null; form: OpenForm | undefined; onForm: (act: Act | null) => void; stale: boolean; left: boolean; again: () => void;
}) {
  const act = form?.act, known = row.person ? loaded.names.get(row.person) ?? form?.known : undefined;
  return (
    <li class={row.place === 0 ? 'done' : ''} data-row tabIndex={-1}>
      <span class="key">{row.place > 0 && !left ? row.place : '–'}</span>
      <div>
        <p><span class="strong">{row.person ? <PersonLink person={row.person}>{known?.name ?? row.person}</PersonLink> : say('case.unknown_person', { id: row.contact ?? '' })}</span>
          {known?.name && <span class="soft"> {row.person}</span>}
          {known?.phone && <> <a href={`tel:${known.phone}`}>{known.phone}</a></>}
          {' '}<span class="strong">{word('level', row.level)}</span>
          <Changes row={row} />
          {' '}<span class="second">{stateOf(row)}</span></p>
        {row.description && <p class="looks-like"><span class="second">{say('case.looks_like')}</span> <bdi>{row.description}</bdi></p>}
        <Reasons row={row} />
      </div>
      <span class="chance">{row.probability !== null && <><span class="strong">{percent(row.probability)}</span>
        <span class="soft">{between(row.low ?? 0, row.high ?? 0)}</span></>}</span>
      <div class="acts">{actsOf(row).map((one, at) => (
        <button key={one} type="button" class={at === 0 && row.place === 1 && !left ? 'first' : ''} aria-expanded={act === one}
          onClick={() => onForm(act === one ? null : one)}>{word('act', one)}</button>
      ))}{row.person && told.includes(row.state) && <ContactNotice of={row} />}</div>
      {here && <p class="soft moved-on" role="status" data-just-done>{say('case.just_done')}</p>}
      {left && <p class="wrong moved-on" role="alert">{say('case.moved_off')}</p>}
      {form && form.stood !== standOf(row) && <p class="wrong moved-on" role="alert">{say('case.moved_on', { state: stateOf(row) })}</p>}
      {form && stale && <p class="look pager moved-on" role="status"><span>{say('case.new_facts.here')}</span><button type="button" onClick={again}>{say('case.again')}</button></p>}
      {act && <TellForm key={act} kind={`contact.${act}`} title={idOf(row)}
        fields={[...fieldsOf(act, row), ...(outbreak ? [] : [{ name: 'outbreak', title: word('field', 'outbreak'), required: true }])]}
        body={bodyOf(act, row, id, outbreak)} draft={id} onDone={() => onForm(null)}
        send={(said, at) => {
          onSaid(act, said);
          if (!outbreak && row.state === 'suggested' && !namesCase.includes(act)) sendNamed(row, id, `contact.${act}`, said, at);
          else tell(`contact.${act}`, idOf(row), said, at);
        }}
        warns={(given) => warningOf(row, loaded, id, given)} />}
    </li>
  );
}

// In the order in which contacts go through them; each row of the list is in one of them, so
// that they add up to it. The last two are nothing to do, and stand there where there are any.
const underWay = ['unidentified', 'suggested', 'named', 'confirmed', 'reached', 'placed', 'tested'], over = ['converted', 'dismissed'];

function statesOf(work: Work): string[] {
  const others = Object.keys(work.states).filter((one) => !underWay.includes(one) && !over.includes(one));
  return [...underWay, ...[...over, ...others].filter((one) => (work.states[one] ?? 0) > 0)];
}

function Calls({ loaded, id, outbreak, none, stale, again }: { loaded: Loaded; id: string; outbreak: string | null; none: boolean; stale: boolean; again: () => void }) {
  const work = loaded.work, shown = useSignal(narrow.peek() ? 5 : 15), kept = useSignal<ReadonlyMap<string, Kept>>(new Map()), forms = useSignal<ReadonlyMap<string, OpenForm>>(new Map());
  const turn = (row: Row, at: number, act: Act | null) => {
    const others = [...forms.value].filter(([one]) => one !== idOf(row));
    forms.value = new Map(act ? [...others, [idOf(row), { act, stood: standOf(row), row, at, known: loaded.names.get(row.person ?? '') }]] : others);
  };
  // Where somebody is typing, the row stays, wherever it goes in the list, and where it leaves it.
  // So does a row of which something was recorded here, until the list is gone through: its
  // next step is at hand, however long the list is behind which it goes.
  const now = new Map(work.rows.map((row) => [idOf(row), row])), here = new Set([...now.keys(), ...kept.value.keys()]);
  const rows = work.rows.filter((row, at) => at < shown.value || forms.value.has(idOf(row)) || kept.value.has(idOf(row)));
  const left = [...forms.value.values()].filter((one) => !here.has(idOf(one.row))), all = rows.filter((row) => !kept.value.has(idOf(row)));
  const stays = [...left, ...[...kept.value].map(([one, of]) => ({ at: of.at, row: now.get(one) ?? of.row }))].sort((a, b) => a.at - b.at);
  for (const one of stays) all.splice(Math.min(one.at, all.length), 0, one.row);
  const keep = (row: Row, at: number, act: Act, said: Record<string, unknown>) => {
    if (keptActs.includes(act)) kept.value = new Map(kept.value).set(idOf(row), { row: afterAct(row, act, said), at });
  };
  return (
    <section class="of-calls">
      <Title text={say('case.calls')}><AsOfText of={work.as_of} complete={work.complete} /></Title>
      {loaded.waits.map((one) => <p key={one.number} class="wrong" role="status" data-waits>{say('case.waits', { count: numberText(one.contacts), number: one.number })}</p>)}
      {(none || work.not_a_case) && <p class="wrong" role="status" data-none>{say('case.not_a_case')}</p>}
      <p class="figures"><span><span class="key">{numberText(work.to_call)}</span>{say('case.to_call', { count: numberText(work.count) })}</span>
        {statesOf(work).map((one) =>
          <span key={one} class="second" data-state={one}><span class="strong">{numberText(work.states[one] ?? 0)}</span> {word('contact', one)}</span>)}
        <span class="soft">{say('case.states.sum', { count: numberText(Object.values(work.states).reduce((all, one) => all + one, 0)) })}</span></p>
      <p class="soft">{say('case.order_note')}{work.worked_at && ` ${say('case.worked', { at: timeText(work.worked_at, health.value?.now) })}`}
        {work.reviewed_at && ` ${say('case.reviewed', { at: timeText(work.reviewed_at, health.value?.now) })}`}
        {work.gone_count > 0 && ` ${say('case.withdrawn', { count: work.gone_count, who: work.gone.slice(0, 5).map((one) => one.person ?? (one.identified ? say('case.identified', { id: one.contact ?? '', who: loaded.names.get(one.identified)?.name ?? one.identified }) : one.contact ?? '')).join(say('comma')) })}`}</p>
      {!work.computed && <p class="wrong">{say('case.not_computed')}</p>}
      {work.count > rows.length && <p class="on-paper strong">{say('case.on_paper', { shown: numberText(rows.length), count: numberText(work.count) })}</p>}
      <ol class="calls">{all.map((row, at) =>
        <CallRow key={idOf(row)} row={row} loaded={loaded} id={id} outbreak={outbreak} form={forms.value.get(idOf(row))} onForm={(act) => turn(row, at, act)} onSaid={(act, said) => keep(row, at, act, said)} here={!now.has(idOf(row)) && kept.value.has(idOf(row))} stale={stale} left={!here.has(idOf(row))} again={again} />)}</ol>
      <Reviewed work={work} rows={rows} id={id} outbreak={outbreak} onDone={() => { kept.value = new Map(); }} />
      {work.rows.length > rows.length && <button type="button" onClick={() => { shown.value += 50; }}>{say('case.more', { count: numberText(work.rows.length - rows.length) })}</button>}
      {work.next && <p class="soft">{say('case.page_end', { count: work.rows.length })}</p>}
    </section>
  );
}

// ---- what is told ----

function Offer({ one, at, person, onDone }: { one: Said; at: number; person: string; onDone: () => void }) {
  const draft = `answers ${one.text} ${at}`, given = useSignal<Answered>(draftOf<Answered>(draft) ?? { day: null, hours: null });
  const done = () => {
    keepDraft(draft, undefined);
    onDone();
  };
  return (
    <div class="look">
      <p>{say('case.offer', { text: one.text })}</p>
      <Questions one={one} given={given.value} onGiven={(now) => { given.value = now; keepDraft(draft, now); }} />
      {one.day_carried && one.day && <p class="second">{say('case.day_carried', { day: one.day })}</p>}
      <TellForm kind="visit.stated" title={one.place} body={{ person }} draft={`${one.text} ${at}`} onDone={done} chosen={settledBy(one, given.value)} fields={[
        { name: 'place', title: say('case.place_id', { place: one.place || '?' }), required: true, names: 'place' },
        { name: 'start', title: word('field', 'start'), time: true, required: true, ...(one.start ? { value: one.start } : {}) },
        { name: 'end', title: word('field', 'end'), time: true, ...(one.end ? { value: one.end } : {}) },
        // The person's own word, somebody's who speaks for them, or a record's.
        { name: 'told_by', title: say('case.told_by'), words: choicesOf('visit.stated told_by') }]} />
    </div>
  );
}

interface Spoken { interviewed_at: string | null; teller: string | null; why_proxy: string | null }

// Who spoke at each, the newest first: a child or somebody intubated is spoken for, and then
// other questions are asked, and less is certain.
function Interviews({ id, outbreak }: { id: string; outbreak: string | null }) {
  const loaded = useAnswer<Page<Spoken>>(withQuery('/v1/views/cases/interviews', { case_id: id, limit: 50 }), {}, [id, came.value, settled.value]);
  const rows = [...(loaded.answer?.rows ?? [])].sort((a, b) => (b.interviewed_at ?? '').localeCompare(a.interviewed_at ?? '')), newest = rows[0];
  return (
    <>
      <p class="note">{say(newest?.teller && newest.teller !== 'case' ? 'case.script.proxy' : 'case.script')}</p>
      <Refused refusal={loaded.refusal} />
      {rows.map((one, at) => <p key={at} class="second">{say('case.spoke', { at: timeText(one.interviewed_at, health.value?.now) })} <span class="strong">{word('teller', one.teller ?? '')}</span>
        {one.why_proxy && ` · ${word('why_proxy', one.why_proxy)}`}</p>)}
      <RecordFact title={say('case.who_speaks')} offers={[{ kind: 'case.interviewed', given: { case: id, ...(outbreak ? { outbreak } : {}) } }]} />
    </>
  );
}

// What was said and is not recorded yet; a null is an offer that was dealt with, so that the
// others stay what they are. It is a draft: there again for who looked at somebody meanwhile.
interface Told { text: string; offers: (Said | null)[] | null }

function Interview({ id, outbreak, person }: { id: string; outbreak: string | null; person: string | null }) {
  const draft = `interview ${id}`, before = draftOf<Told>(draft), refusal = useSignal<Refusal | null>(null);
  const text = useSignal(before?.text ?? ''), offers = useSignal<Told['offers']>(before?.offers ?? null);
  const keep = () => keepDraft(draft, text.value ? { text: text.value, offers: offers.value } : undefined);
  const deal = (at: number) => {
    const left = (offers.value ?? []).map((one, of) => (of === at ? null : one));
    offers.value = left.some((one) => one) ? left : null;
    if (offers.value) keep();
    else keepDraft(draft, undefined);
  };
  async function read(): Promise<void> {
    refusal.value = null;
    try {
      offers.value = (await ask<Page<Said>>('/v1/stays/parse', { method: 'POST', body: { text: text.value } })).rows;
      keep();
    } catch (why) {
      heed(why);
      refusal.value = why as Refusal;
    }
  }
  return (
    <section>
      <Title text={say('case.interview')} />
      <Interviews id={id} outbreak={outbreak} />
      <form onSubmit={(event) => { event.preventDefault(); void read(); }}>
        <label class="wide">{say('case.told')}
          <textarea rows={3} maxLength={1300} required value={text.value} placeholder={say('case.told.example')}
            onInput={(event) => { text.value = event.currentTarget.value; keep(); }} /></label>
        <button type="submit">{say('case.read')}</button>
      </form>
      <Refused refusal={refusal.value} />
      {offers.value?.length === 0 && <p>{say('case.nothing_read')}</p>}
      {person && offers.value?.map((one, at) => one && <Offer key={`${one.text}${at}`} one={one} at={at} person={person} onDone={() => deal(at)} />)}
    </section>
  );
}

// ---- who infected whom, as far as it is recorded ----

function Chain({ id, about }: { id: string; about: Milestones | null }) {
  const loaded = useAnswer<Page<Milestones>>(about?.outbreak ? withQuery('/v1/views/cases/milestones', { outbreak: about.outbreak, limit: 5000 }) : null, {}, [about?.outbreak, came.value]);
  const all = loaded.answer?.rows ?? (about ? [about] : []), mine = all.find((one) => one.case_id === id) ?? about;
  const link = (one: string) => <a key={one} href={addressOf('case', { case: one })}>{one}</a>;
  const after = all.filter((one) => one.linked_case === id).map((one) => one.case_id);
  const list = (ids: string[]): ComponentChildren => ids.map((one, at) => <span key={one}>{at > 0 && ' · '}{link(one)}</span>);
  return (
    <section>
      <Title text={say('case.chain')} />
      <p>{mine?.linked_case ? link(mine.linked_case) : <span class="soft">{say('case.source_unknown')}</span>} → <span class="strong">{id}</span>
        {' → '}{after.length > 0 ? list(after) : <span class="soft">{say('case.none_after')}</span>}</p>
      <ChainPicture links={around(all, id)} here={id} />
    </section>
  );
}

// ---- the page ----

async function load(id: string, purpose: string): Promise<Loaded> {
  const question = { method: 'POST' as const, purpose };
  const work = await ask<Work>('/v1/work', { ...question, body: { case: id, limit: 200, reasons: 200, names: true } });
  // That alone comes first: whoever is refused the list is refused once, and not four times.
  const one = { fields: { case_id: work.case } };
  const [stays, who, waits] = await Promise.allSettled([
    ask<Stays>(withQuery('/v1/stays', { case: id }), { purpose }),
    ask<Page<Who>>('/v1/views/cases/cases/query', { ...question, body: { ...one, limit: 1 } }),
    ask<Page<Waits>>(withQuery('/v1/views/cases/contacts_wait', { case_id: work.case })),
  ]);
  if (who.status === 'rejected') heed(who.reason);
  return {
    work, stays: stays.status === 'fulfilled' ? stays.value : null, staysRefused: stays.status === 'rejected' ? stays.reason as Refusal : null,
    waits: waits.status === 'fulfilled' ? waits.value.rows : [],
    who: who.status === 'fulfilled' ? who.value.rows[0] ?? null : null,
    // Those whom one reaches; of others the list has the id alone.
    names: new Map((work.names ?? []).map((person) => [person.person, person])),
  };
}

// Places that are nobody's home, each once: from the days to what is known of where it was.
const homes = ['household', 'room'];

function Places({ stays }: { stays: CaseStay[] }) {
  const places = new Map(stays.filter((one) => !homes.includes(one.place_kind)).map((one) => [one.place, one.place_kind]));
  if (places.size === 0) return null;
  return <p class="parts-of">{[...places].map(([place, kind]) => <span key={place}><span class="second">{word('place', kind)}</span> <PlaceLink place={place} /></span>)}</p>;
}

function Opened({ id, purpose }: { id: string; purpose: string }) {
  const loaded = useSignal<Loaded | null>(null), refusal = useSignal<Refusal | null>(null), since = useSignal(came.peek());
  const about = useAnswer<Page<Milestones>>(withQuery('/v1/views/cases/milestones', { case_id: id }), {}, [id, came.value, settled.value]).answer?.rows[0] ?? null;
  async function reload(): Promise<void> {
    since.value = came.peek();
    try {
      const now = await load(id, purpose);
      // By whichever number it was asked for: what is recorded here names its own id.
      if (now.work.case !== id) {
        if (look.value) look.value = { ...look.value, id: now.work.case };
        go('case', { case: now.work.case });
        return;
      }
      loaded.value = now;
      refusal.value = null;
    } catch (why) {
      heed(why);
      refusal.value = why as Refusal;
    }
  }
  useEffect(() => { void reload(); }, [id, purpose]);
  // The rows follow what was taken within a second.
  useEffect(() => {
    if (taken.value === 0) return undefined;
    const timer = window.setTimeout(() => { void reload(); }, 1200);
    return () => window.clearTimeout(timer);
  }, [taken.value]);
  const now = loaded.value, outbreak = about?.outbreak ?? null, none = about?.classification === 'not_a_case';
  const marks: Mark[] = about?.onset ? [{ name: 'onset', at: about.onset }, ...(about.reported ? [{ name: 'reported', at: about.reported }] : [])] : [];
  return (
    <>
      <Head id={id} about={about} who={now?.who ?? null} />
      <Differ id={id} />
      <Clock id={id} about={about} person={now?.who?.person ?? null} />
      {/* Nobody is looked up for what is no case: that is said, and what to do, in place of the refusal. */}
      {none && !now && <p class="look wrong" role="status" data-none>{say('case.none_closed')}</p>}
      <Refused refusal={none && refusal.value?.code === 'look.over' ? null : refusal.value} />
      {came.value > since.value && <p class="look pager" role="status"><span>{say('case.new_facts')}</span>
        <button type="button" onClick={() => { void reload(); }}>{say('case.again')}</button></p>}
      {!now && !refusal.value && <Waiting />}
      {now && <div class="case">
        <Calls loaded={now} id={id} outbreak={outbreak} none={none} stale={came.value > since.value} again={() => { void reload(); }} />
        <div>
          <section>
            <Title text={say('case.days')}>{now.stays && <AsOfText of={now.stays.as_of} complete={now.stays.complete} />}</Title>
            <Refused refusal={now.staysRefused} />
            {now.stays && <Days stays={now.stays.rows} from={now.stays.from} to={now.stays.to} infectious={[now.stays.infectious_from, now.stays.infectious_to]} missing={now.stays.missing.map((one) => one.day)} marks={marks} now={health.value?.now ?? now.stays.to} />}
            {now.stays && <Places stays={now.stays.rows} />}
          </section>
          <Interview id={id} outbreak={outbreak} person={now.who?.person ?? null} />
          <Chain id={id} about={about} />
        </div>
      </div>}
    </>
  );
}

// Those that are known, to open one: nothing in it says whose case it is.
function AllCases() {
  const tokens = useSignal<string[]>([]), after = tokens.value[tokens.value.length - 1] ?? '';
  const { answer, refusal, waiting } = useCases(casesOfPage, after, true), next = answer?.next;
  if (!answer && !waiting && !refusal) return null;
  return (
    <section>
      <Title text={say('case.all')}><AsOfText of={answer?.as_of} complete={answer?.complete} /></Title>
      <Refused refusal={refusal} />
      {!answer ? waiting && <Waiting /> : answer.rows.length > 0 ? <CaseTable rows={answer.rows} /> : <p>{say('case.none')}</p>}
      {answer && <Pager from={tokens.value.length * casesOfPage} shown={answer.rows.length}
        before={after ? () => { tokens.value = tokens.value.slice(0, -1); } : null} next={next ? () => { tokens.value = [...tokens.value, next]; } : null} />}
    </section>
  );
}

export function CasePage() {
  const id = query.value.get('case') ?? '', typed = useSignal(id), purpose = useSignal(look.value?.purpose ?? ''), open = useSignal('');
  // The address may have come to another case since.
  useEffect(() => { typed.value = id; }, [id]);
  if (id && open.value) return <Opened key={id} id={id} purpose={headerOf({ reference: 'case', id, purpose: open.value })} />;
  return (
    <section>
      <Title level={1} text={id ? say('case.title', { id }) : say('nav.case')} />
      <p class="note">{say('lookups.note')}</p>
      <form class="filters" onSubmit={(event) => { event.preventDefault(); open.value = purpose.value; look.value = { reference: 'case', id: typed.value.trim(), purpose: purpose.value }; go('case', { case: typed.value.trim() }); }}>
        <label>{say('lookups.case')}<input data-filter required maxLength={64} autocomplete="off" list={caseChoices} value={typed.value}
          onInput={(event) => { typed.value = event.currentTarget.value; }} /></label>
        <PurposeChoice value={purpose.value} fits={(one) => one.traces && one.reads} onChange={(chosen) => { purpose.value = chosen; }} />
        <button type="submit" class="first">{say('case.open')}</button>
      </form>
      <CaseChoices />
      {!id && <AllCases />}
    </section>
  );
}
