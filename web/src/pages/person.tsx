// One person: how they stand, and what the ledger holds of them. Every opening is a look
// with a reference and a purpose; the id stands in no address.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { chosenPerson } from '../base/chosen';
import type { FactName } from '../base/book';
import { came, health, heed, session } from '../base/city';
import { Refusal } from '../base/ask';
import { useAnswer, type Loaded } from '../base/load';
import { instant, isTime, numberText, spanText, timeText } from '../base/times';
import { textIn, useReadable, useRows, type Page, type Row } from '../base/views';
import { has, inLanguage, say, word } from '../base/words';
import { choicesOf } from '../list/choices';
import '../look/person.css';
import { describedKinds, type KindAbout } from '../list/described';
import { personOffers, wordsOf } from '../list/records';
import { CaseLink, GridLink, PlaceLink, postText, TubeLink } from '../parts/links';
import { headerOf, look, LookForm, purposeText, usePurposes, wordOf, type Look } from '../parts/look';
import { Record as RecordFact } from '../parts/record';
import { factNamed, mayWithdraw, Withdraw } from '../parts/withdraw';
import { AsOfText, Refused, Table, Title, Waiting, type Column } from '../parts/shown';
import type { Name } from '../texts/zh';
import { StateText } from '../parts/task_mark';

const at = (row: Row, name: string): string => timeText(textIn(row, name), health.value?.now);
const span = (row: Row, from: string, to: string): string => [at(row, from), at(row, to)].filter((one) => one).join(' – ');

// ---- what is asked ----

const asked = {
  register: 'register/persons', cases: 'cases/cases', contacts: 'tracing/contacts', bound: 'order/bound_persons', orders: 'order/orders_of_person',
  samples: 'testing/samples_of_person', tasks: 'command/task_persons', exposures: 'cases/exposures', file: 'register/person_file', looks: 'register/looks_at_person',
} as const;
type What = keyof typeof asked;
// `unknown`: the register knows nobody of the id whom one reaches, so that what is not
// there says nothing.
type File = Record<What, Loaded<Page> & { yours: boolean; unknown: boolean }>;

interface Part extends Partial<Page> { view: string; refused?: string }

// All of it is one question, and one look.
function useFile(person: string, purpose: string, readable: Set<string>, again: number): File {
  const { answer, refusal, waiting } = useAnswer<{ rows: Part[] }>('/v1/person', { method: 'POST', body: { person }, purpose }, [person, purpose, again]);
  const one = (what: What, unknown = false) => {
    const part = answer?.rows.find((two) => two.view === asked[what]), yours = readable.has(asked[what]);
    const page = part && !part.refused ? part as Page : null;
    return { answer: page, refusal: part?.refused ? new Refusal(404, part.refused, '', '') : refusal, waiting, yours, unknown };
  };
  const register = one('register'), unknown = register.answer?.rows.length === 0;
  return {
    register, cases: one('cases', unknown), contacts: one('contacts', unknown), bound: one('bound', unknown), orders: one('orders', unknown),
    samples: one('samples', unknown), tasks: one('tasks', unknown), exposures: one('exposures', unknown), file: one('file', unknown), looks: one('looks', unknown),
  };
}

const rowsOf = (of: File[What]): Row[] => of.answer?.rows ?? [];

// ---- how they stand ----

function ageAt(birth: string, now: string): number {
  return Number(now.slice(0, 4)) - Number(birth.slice(0, 4)) - (now.slice(5, 10) < birth.slice(5, 10) ? 1 : 0);
}

function Known({ of }: { of: File['register'] }) {
  const row = of.answer?.rows[0], birth = textIn(row, 'birth'), phone = textIn(row, 'phone'), now = health.value?.now ?? '';
  if (!of.yours) return <p class="note">{say('person.not_register')}</p>;
  if (of.refusal) return <Refused refusal={of.refusal} />;
  if (!of.answer) return <Waiting />;
  if (!row) return <p class="wrong">{say('person.unknown')}</p>;
  const about: ComponentChildren[] = [
    textIn(row, 'sex') && word('sex', textIn(row, 'sex')),
    birth && now && <>{say('person.age', { age: ageAt(birth, now) })} <span class="soft">{say('person.born', { day: birth })}</span></>,
    phone && <a href={`tel:${phone}`}>{phone}</a>, textIn(row, 'id_number'), textIn(row, 'occupation'),
    textIn(row, 'grid') && <><GridLink grid={textIn(row, 'grid').slice(0, 9)} /> <span class="soft">{textIn(row, 'grid')}</span></>,
    textIn(row, 'household') && say('person.household', { id: textIn(row, 'household') }),
    row.present !== null && <>{say(row.present ? 'person.here' : 'person.away')} {textIn(row, 'absence_reason')} {textIn(row, 'absent_until') && say('person.until', { at: at(row, 'absent_until') })}</>,
    textIn(row, 'present_place') && say('person.stays_at', { place: textIn(row, 'present_place') }),
  ];
  return (
    <>
      <p class="parts-of">{about.filter((one) => one).map((one, i) => <span key={i}>{one}</span>)}</p>
      {textIn(row, 'needs') && <p class="strong">{say('person.needs', { needs: textIn(row, 'needs') })}</p>}
    </>
  );
}

// A word for the state, or that it is not known: nothing that was not read is said to be none.
function Fact({ title, of, none, children }: { title: Name; of: File[What]; none: Name; children: ComponentChildren }) {
  const text = !of.yours ? <span class="soft">{say('person.not_yours')}</span>
    : of.refusal ? <span class="soft">{say('person.cannot_tell')}</span> : !of.answer ? <span class="soft">{say('waiting')}</span>
      : children || <span class="second">{say(of.unknown ? 'person.cannot_tell' : none)}</span>;
  return <li><span class="second">{say(title)}</span><span>{text}</span></li>;
}

// Contacts of what was found to be no case owe nothing: they are none.
const isOfNoCase = (row: Row): boolean => textIn(row, 'classification') === 'not_a_case';
const isOpen = (row: Row): boolean => textIn(row, 'state') !== 'dismissed' && !isOfNoCase(row);
const rank = (row: Row): number => (choicesOf('contact.confirmed level').indexOf(textIn(row, 'level')) + 1 || 9);

function SampleText({ row }: { row: Row }) {
  const now = health.value?.now;
  if (!now) return null;
  const passed = spanText(instant(now) - instant(textIn(row, 'collected_at'))), result = textIn(row, 'result');
  return result ? <><span class="strong">{word('result', result)}</span> <span class="second">{at(row, 'collected_at')}</span></>
    : <span class="strong">{say('person.no_result', { span: passed })}</span>;
}

function Standing({ file }: { file: File }) {
  const contact = rowsOf(file.contacts).filter(isOpen).sort((a, b) => rank(a) - rank(b))[0], sample = rowsOf(file.samples)[0];
  const ofCase = rowsOf(file.cases), bound = rowsOf(file.bound), positive = rowsOf(file.samples).find((one) => one.result === 'positive');
  return (
    <ul class="steps standing" aria-label={say('person.now')}>
      <Fact title="person.now.case" of={file.cases} none="person.no_case">{ofCase.length > 0 && ofCase.map((row) =>
        <span key={textIn(row, 'case_id')} class="strong"><CaseLink id={textIn(row, 'case_id')} /> {word('classification', textIn(row, 'classification'))} </span>)}</Fact>
      <Fact title="person.now.contact" of={file.contacts} none="person.no_contact">{contact && <>
        <span class="strong">{word('level', textIn(contact, 'level'))} · {word('contact', textIn(contact, 'state'))}</span>
        {has(`person.lacks.${textIn(contact, 'state')}`) && textIn(contact, 'level') !== 'general' && <span class="strong">{say('comma')}{word('person.lacks', textIn(contact, 'state'))}</span>} <CaseLink id={textIn(contact, 'case_id')} /></>}</Fact>
      <Fact title="person.now.order" of={file.bound} none="person.no_order">{bound.length > 0 && bound.map((row) =>
        <span key={textIn(row, 'order_id')}><span class="strong">{word('order', textIn(row, 'kind'))}</span> {say('person.until', { at: at(row, 'ends_at') })} </span>)}</Fact>
      <Fact title="person.now.sample" of={file.samples} none="person.no_sample">{sample && <SampleText row={sample} />}</Fact>
      {positive && positive !== sample && <Fact title="person.now.positive" of={file.samples} none="person.no_sample"><span class="strong">{at(positive, 'collected_at')}</span></Fact>}
    </ul>
  );
}

// ---- lists ----

function List({ title, of, columns, none, note, rows = rowsOf(of) }: { title: Name; of: File[What]; columns: Column<Row>[]; none: Name; note?: Name; rows?: Row[] }) {
  if (of.unknown && rows.length === 0) return null;
  return (
    <section>
      <Title text={say(title)}><AsOfText of={of.answer?.as_of} complete={of.answer?.complete} /></Title>
      {note && <p class="note">{say(note)}</p>}
      <Refused refusal={of.refusal} />
      {!of.yours ? <p class="soft">{say('person.not_yours')}</p> : !of.answer ? of.waiting && <Waiting />
        : rows.length === 0 ? <p>{say(none)}</p> : <Table caption={say(title)} columns={columns} rows={rows} />}
    </section>
  );
}

const text = (name: string, title: Name): Column<Row> => ({ name, title: say(title), show: (row) => textIn(row, name) || '–' });
const time = (name: string, title: Name): Column<Row> => ({ name, title: say(title), show: (row) => <span class="whole">{at(row, name) || '–'}</span> });
const placeOf = (row: Row, name = 'place'): ComponentChildren => (textIn(row, name) ? <PlaceLink place={textIn(row, name)} /> : '–');

function Contacts({ of }: { of: File['contacts'] }) {
  return <List title="person.contacts" of={of} none="person.contacts.none" columns={[
    { name: 'case_id', title: say('person.col.case'), show: (row) => <CaseLink id={textIn(row, 'case_id')} /> },
    { name: 'level', title: say('person.col.level'), show: (row) => <span class="strong">{word('level', textIn(row, 'level'))}</span> },
    { name: 'state', title: say('person.col.state'), show: (row) => <>{isOfNoCase(row) && <><span class="strong">{say('person.of_no_case')}</span><span class="second"> · </span></>}<span class={isOfNoCase(row) ? 'dead' : ''}>{word('contact', textIn(row, 'state'))}</span>
      {textIn(row, 'dismissed_for') && textIn(row, 'state') === 'dismissed' && <span class="second"> · {word('dismissed', textIn(row, 'dismissed_for'))}</span>}</> },
    { name: 'exposed', title: say('person.col.exposed'), show: (row) => span(row, 'exposed_from', 'exposed_until') || '–' },
    { name: 'place', title: say('person.col.where'), show: (row) => placeOf(row) },
    { name: 'last', title: say('person.col.last'), show: (row) => at(row, 'last_tested_at') || at(row, 'placed_at') || at(row, 'reached_at') || at(row, 'attempted_at') || at(row, 'confirmed_at') || at(row, 'named_at') || '–' },
  ]} />;
}

function Samples({ of }: { of: File['samples'] }) {
  return <List title="person.samples" of={of} none="person.samples.none" columns={[
    time('collected_at', 'me.collected'),
    { name: 'result', title: say('me.result'), show: (row) => (row.result ? <span class={row.result === 'positive' ? 'strong' : ''}>{word('result', textIn(row, 'result'))}</span> : <SampleText row={row} />) },
    time('result_at', 'me.result_at'),
    { name: 'tube_id', title: say('me.tube'), show: (row) => <TubeLink tube={textIn(row, 'tube_id')} /> },
    { name: 'site', title: say('person.col.site'), show: (row) => placeOf(row, 'site') },
  ]} />;
}

function OrderState({ row, bound }: { row: Row; bound: Row[] }) {
  const now = instant(health.value?.now ?? ''), ends = textIn(row, 'ends_at');
  if (textIn(row, 'lifted_at')) return <>{say('person.order.lifted', { at: at(row, 'lifted_at') })}</>;
  if (instant(textIn(row, 'starts_at')) > now) return <>{say('person.order.later')}</>;
  if (ends && instant(ends) <= now) return <>{say('person.order.over')}</>;
  return bound.some((one) => one.order_id === row.order_id) ? <span class="strong">{say('person.order.binds')}</span> : <>{say('person.order.void')}</>;
}

function Orders({ file }: { file: File }) {
  return <List title="person.orders" of={file.orders} none="person.orders.none" columns={[
    { name: 'kind', title: say('person.col.order'), show: (row) => <>{word('order', textIn(row, 'kind'))} <span class="soft">{textIn(row, 'order_id')}</span></> },
    { name: 'ended', title: say('person.col.ended'), show: (row) => (file.bound.answer ? <OrderState row={row} bound={rowsOf(file.bound)} /> : '–') },
    time('starts_at', 'person.col.from'), time('ends_at', 'person.col.until'),
    text('clause', 'person.col.clause'), text('issuer', 'me.issuer'),
    { name: 'place', title: say('person.col.where'), show: (row) => placeOf(row) },
  ]} />;
}

// Which tasks are about them stands here; how far each is, among the tasks.
function TaskText({ task, again }: { task: string; again: number }) {
  const row = useRows('command/tasks', { task }, { again, limit: 1 }).answer?.rows[0];
  if (!row) return <>{task}</>;
  return <><span class="strong">{inLanguage(textIn(row, 'title_zh'), textIn(row, 'title_en'))}</span> <StateText state={textIn(row, 'state')} />{' '}
    <span class="second">{postText(textIn(row, 'owner'))} {textIn(row, 'holder')}</span> <span class="soft">{task}</span></>;
}

function Tasks({ of, again }: { of: File['tasks']; again: number }) {
  return <List title="person.tasks" of={of} none="person.tasks.none" columns={[
    time('due_at', 'holes.due'),
    { name: 'task', title: say('person.col.task'), show: (row) => <TaskText task={textIn(row, 'task_id')} again={again} /> },
  ]} />;
}

function Exposures({ of }: { of: File['exposures'] }) {
  if (of.yours && of.answer && of.answer.rows.length === 0) return null;
  return <List title="person.exposures" of={of} none="person.exposures.none" columns={[
    { name: 'kind', title: say('person.col.kind'), show: (row) => word('exposure', textIn(row, 'kind')) },
    { name: 'case_id', title: say('person.col.case'), show: (row) => (textIn(row, 'case_id') ? <CaseLink id={textIn(row, 'case_id')} /> : '–') },
    { name: 'when', title: say('person.col.exposed'), show: (row) => span(row, 'from_at', 'until_at') || '–' },
    { name: 'place', title: say('person.col.where'), show: (row) => placeOf(row) },
    { name: 'protection', title: say('person.col.protection'), show: (row) => word('protection', textIn(row, 'protection')) },
    { name: 'follow_up', title: say('person.col.follow_up'), show: (row) => word('follow_up', textIn(row, 'follow_up')) },
  ]} />;
}

// ---- where they were, as it was said ----

function bodyOf(row: Row): Record<string, unknown> {
  try {
    return JSON.parse(textIn(row, 'said') || '{}') as Record<string, unknown>;
  } catch {
    return {};
  }
}

function staysOf(file: File): Row[] {
  const stays: Row[] = [];
  for (const row of rowsOf(file.file)) {
    const body = bodyOf(row), has = (name: string) => (typeof body[name] === 'string' ? body[name] : null);
    if (!row.live) continue;
    if (row.kind === 'visit.stated') stays.push({ place: has('place'), from: has('start'), until: has('end'), seat: has('seat'), by: say('person.by.stated') });
    if (row.kind === 'self.reported' && has('place')) stays.push({ place: has('place'), from: has('happened'), until: has('until'), seat: null, by: say('person.by.reported') });
  }
  for (const row of rowsOf(file.contacts).filter((one) => isOpen(one) && one.place && one.exposed_from))
    stays.push({ place: row.place ?? null, from: row.exposed_from ?? null, until: row.exposed_until ?? null, seat: null, by: say('person.by.exposed', { id: textIn(row, 'case_id') }) });
  return stays.sort((a, b) => (textIn(a, 'from') < textIn(b, 'from') ? 1 : -1));
}

function Stays({ file }: { file: File }) {
  return <List title="person.stays" of={file.file} none="person.stays.none" note="person.stays.note" rows={staysOf(file)} columns={[
    { name: 'when', title: say('place.col.when'), show: (row) => span(row, 'from', 'until') },
    { name: 'place', title: say('person.col.where'), show: (row) => <>{placeOf(row)}{textIn(row, 'seat') && <span class="second"> {textIn(row, 'seat')}</span>}</> },
    { name: 'by', title: say('person.col.known_by'), show: (row) => textIn(row, 'by') },
  ]} />;
}

// ---- the ledger ----

// Kinds as the service describes them: a field that the pages have no word for is called as
// it calls it. Without them a code stands there, and nothing is refused.
function useKinds(): Map<string, KindAbout> | null {
  const kinds = useSignal<Map<string, KindAbout> | null>(null);
  useEffect(() => { describedKinds().then((all) => { kinds.value = all; }, heed); }, []);
  return kinds.value;
}

function fieldText(kinds: Map<string, KindAbout> | null, kind: string, name: string): string {
  if (has(`field.${name}`)) return word('field', name);
  const about = kinds?.get(kind)?.fields.find((one) => one.name === name);
  return about ? inLanguage(about.zh, about.en) : name;
}

function valueText(name: string, value: unknown): string {
  if (typeof value === 'boolean') return say(value ? 'yes' : 'no');
  if (isTime(value)) return timeText(value, health.value?.now);
  return typeof value === 'string' || typeof value === 'number' ? word(name, String(value)) : '';
}

function Said({ row, kinds }: { row: Row; kinds: Map<string, KindAbout> | null }) {
  if (row.forgotten) return <span class="soft">{say('person.fact.forgotten')}</span>;
  const said = Object.entries(bodyOf(row)).filter(([name]) => name !== 'person' && name !== 'persons' && name !== 'outbreak');
  const kind = textIn(row, 'kind'), groupOf = (name: string) => { const group = wordsOf(kind, name); return group === 'kind' ? kind.split('.')[0] ?? group : group; };
  return <>{said.map(([name, value]) => [name, valueText(groupOf(name), value)] as const).filter(([, shown]) => shown !== '').map(([name, shown], i) =>
    <span key={name}>{i > 0 && ' · '}<span class="soft">{fieldText(kinds, kind, name)}</span> <span class={/^[-\d: ]+$/.test(shown) ? 'whole' : ''}>{shown}</span></span>)}</>;
}

// Who somebody is is said anew, not taken back; and what was withdrawn stays so.
const lasting = ['fact.withdrawn', 'person.registered'];

// What a fact stands instead of, the newest first, as far as it is listed.
function before(row: Row, rows: Row[]): FactName[] {
  const named = factNamed(textIn(row, 'amends'));
  if (!named) return [];
  const older = rows.find((one) => one.fact === row.amends);
  return [named, ...(older ? before(older, rows) : [])];
}

const rowsAtOnce = 30;

function History({ of }: { of: File['file'] }) {
  const shown = useSignal(rowsAtOnce), rows = rowsOf(of), kinds = useKinds();
  const withdraws = kinds?.get('fact.withdrawn')?.roles.includes(session.value?.role ?? '') === true;
  return (
    <section>
      <List title="person.history" of={of} none="person.history.none" rows={rows.slice(0, shown.value)} columns={[
        time('at', 'person.col.at'),
        { name: 'kind', title: say('person.col.what'), show: (row) => <span class={row.live ? 'strong' : 'dead'}>{word('fact', textIn(row, 'kind'))}</span> },
        { name: 'said', title: say('person.col.said'), show: (row) => <>{!row.live && <span class="strong">{say('person.fact.dead')} </span>}
          {textIn(row, 'amends') && <span class="second">{say('person.fact.amends', { fact: textIn(row, 'amends') })} </span>}<span class={row.live ? '' : 'dead'}><Said row={row} kinds={kinds} /></span></> },
        { name: 'fact', title: say('person.col.sender'), show: (row) => {
          const fact = factNamed(textIn(row, 'fact')), title = `${word('fact', textIn(row, 'kind'))} ${at(row, 'at')}`;
          return <><span class="soft">{textIn(row, 'fact')}</span>{row.live && !row.forgotten && !lasting.includes(textIn(row, 'kind')) && mayWithdraw(fact) && withdraws
            && <Withdraw fact={fact} before={before(row, rows)} title={title} />}</>;
        } },
      ]} />
      {rows.length > shown.value && <button type="button" onClick={() => { shown.value += 100; }}>{say('person.history.more', { count: numberText(rows.length - shown.value) })}</button>}
      {of.answer?.next && rows.length <= shown.value && <p class="note">{say('person.history.older', { count: numberText(rows.length) })}</p>}
    </section>
  );
}

function Looks({ of }: { of: File['looks'] }) {
  const words = usePurposes();
  if (of.unknown) return null;
  if (!of.yours) return <section><Title text={say('person.looks')} /><p class="note">{say('person.looks.auditor')}</p></section>;
  return <List title="person.looks" of={of} none="person.looks.none" columns={[
    time('looked_at', 'me.looked_at'),
    { name: 'office', title: say('me.looked_by'), show: (row) => textIn(row, 'office_name') || wordOf(words?.offices, textIn(row, 'office')) },
    { name: 'purpose', title: say('me.purpose'), show: (row) => purposeText(textIn(row, 'purpose')) },
    { name: 'reference', title: say('me.reference'), show: (row) => wordOf(words?.references, textIn(row, 'reference_kind')) },
    text('grid', 'me.grid')]} />;
}

// ---- the page ----

function Recorded({ resting }: { resting: Look }) {
  const words = usePurposes(), values = { reference: wordOf(words?.references, resting.reference), id: resting.id, purpose: purposeText(resting.purpose) };
  const who = session.value ? `${session.value.name} ${session.value.office}`.trim() : '';
  return (
    <>
      <span class="second recorded">{say('person.recorded', values)}</span>
      <p class="on-paper">{say('person.printed', { ...values, who, at: (health.value?.now ?? '').replace('T', ' ').slice(0, 16) })}</p>
    </>
  );
}

function Opened({ person, resting, readable }: { person: string; resting: Look; readable: Set<string> }) {
  const again = useSignal(0), since = useSignal(came.peek());
  const file = useFile(person, headerOf(resting), readable, again.value);
  const reload = () => { since.value = came.peek(); again.value++; };
  const name = textIn(file.register.answer?.rows[0], 'name');
  return (
    <>
      <Title level={1} text={name || say('person.title', { id: person })}>
        {name && <span class="second">{person}</span>}
        <Recorded resting={resting} />
        <button type="button" onClick={() => window.print()}>{say('print')}</button>
        <button type="button" onClick={reload}>{say('person.again')}</button>
      </Title>
      <Known of={file.register} />
      {came.value > since.value && <p class="look pager" role="status"><span>{say('person.new_facts')}</span>
        <button type="button" onClick={reload}>{say('person.again')}</button></p>}
      <Standing file={file} />
      <RecordFact offers={personOffers(person)} />
      <div class="person">
        <div>
          <Contacts of={file.contacts} />
          <Samples of={file.samples} />
          <Orders file={file} />
          <Tasks of={file.tasks} again={again.value} />
        </div>
        <div>
          <Stays file={file} />
          <Exposures of={file.exposures} />
          <Looks of={file.looks} />
        </div>
      </div>
      <History of={file.file} />
    </>
  );
}

export function PersonPage() {
  const readable = useReadable(), typed = useSignal(''), person = chosenPerson.value, resting = look.value;
  useEffect(() => { typed.value = ''; }, [person]);
  const form = (
    <form class="filters" onSubmit={(event) => { event.preventDefault(); chosenPerson.value = typed.value.trim(); }}>
      <label>{say('person.id')}<input data-filter required maxLength={128} autocomplete="off" value={typed.value}
        onInput={(event) => { typed.value = event.currentTarget.value; }} /></label>
      <button type="submit" class={person ? '' : 'first'}>{say('person.open')}</button>
    </form>
  );
  if (person && resting && readable)
    return <><Opened key={person} person={person} resting={resting} readable={readable} /><section class="again"><LookForm />{form}</section></>;
  return (
    <section>
      <Title level={1} text={say('nav.person')} />
      <p class="note">{say('person.note')}</p>
      {person && <p class="strong" role="status">{say('person.chosen', { id: person })}</p>}
      <LookForm />
      {form}
    </section>
  );
}
