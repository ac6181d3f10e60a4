// Look-ups that start from a case: whom it met, who was at a place, what cases share, whom
// goods of a lot may have reached. They
// are asked for by a button, never by themselves: each is a look that is written down.
import { useSignal } from '@preact/signals';
import { ask, Refusal, withQuery, type AsOf } from '../base/ask';
import { health, heed, may, mayRows } from '../base/city';
import { saveCsv } from '../base/csv';
import { addressOf, path } from '../base/route';
import { numberText, spanText, timeText } from '../base/times';
import { inLanguage, say, word } from '../base/words';
import { caseChoices, CaseChoices } from '../parts/cases';
import { PersonLink, PlaceLink } from '../parts/links';
import { headerOf, look, PurposeChoice } from '../parts/look';
import { NamedField } from '../parts/named_field';
import { AsOfText, Pager, Refused, Table, Title, Waiting, type Column } from '../parts/shown';
import { LotLookUp } from './lot';

type What = 'contacts' | 'who' | 'source';
interface Reason { text_zh?: string; text_en?: string }
interface Contact {
  person: string; level: string; probability: number; low: number; high: number; seconds: number; last_exposure: string | null;
  via: string | null; place_kind: string; reasons: Reason[]; reasons_left_out: number;
}
interface Stay { person: string; start: string; end: string; seat: string | null; guessed: boolean }
interface Place {
  place: string; place_kind: string; from: string; to: string; independent: number; cases: string[];
  expected: number; p_corrected: number; background_visitors: number; text_zh: string; text_en: string;
}
interface Answer {
  what: What; rows: unknown[]; next?: string; from: string; to: string; missing: unknown[]; as_of: AsOf; complete: boolean;
  close?: number; secondary?: number; general?: number; note_zh?: string; note_en?: string;
}
type Given = Record<string, string>;

const rowsOfPage = 50;
// What is there and rounds to nothing is not nothing.
const percent = (share: number) => (share > 0 && share < .00005 ? '<0.01%' : `${(share * 100).toFixed(share < 0.1 ? 2 : 1)}%`);

function contactColumns(from: number, rows: Contact[]): Column<Contact>[] {
  return [
    { name: 'order', title: say('lookups.order'), number: true, show: (row) => from + rows.indexOf(row) + 1 },
    { name: 'person', title: say('lookups.person'), show: (row) => <span class="strong whole"><PersonLink person={row.person} /></span> },
    { name: 'level', title: say('lookups.level'), show: (row) => word('level', row.level) },
    { name: 'chance', title: say('lookups.chance'), number: true, show: (row) =>
      <><span class="strong">{percent(row.probability)}</span> <span class="soft">{percent(row.low)}–{percent(row.high)}</span></> },
    { name: 'last', title: say('lookups.last'), show: (row) => <span class="whole">{timeText(row.last_exposure, health.value?.now)}</span> },
    { name: 'length', title: say('lookups.length'), number: true, show: (row) => spanText(row.seconds) },
    { name: 'where', title: say('lookups.where'), show: (row) => <span class="whole">{word('place', row.place_kind)}</span> },
    { name: 'via', title: say('lookups.via'), show: (row) => row.via ?? '–' },
    { name: 'why', title: say('lookups.why'), show: (row) => <>
      {row.reasons.map((one, at) => <span key={at} class="second">{at > 0 && say('semicolon')}{inLanguage(one.text_zh, one.text_en)}</span>)}
      {row.reasons_left_out > 0 && <span class="soft"> {say('lookups.more_reasons', { count: row.reasons_left_out })}</span>}
    </> },
  ];
}

const stayColumns = (): Column<Stay>[] => [
  { name: 'person', title: say('lookups.person'), show: (row) => <span class="strong whole"><PersonLink person={row.person} /></span> },
  { name: 'start', title: say('lookups.start'), show: (row) => timeText(row.start, health.value?.now) },
  { name: 'end', title: say('lookups.end'), show: (row) => <>{timeText(row.end, health.value?.now)}
    {row.guessed && <span class="soft"> {say('lookups.guessed')}</span>}</> },
  { name: 'seat', title: say('lookups.seat'), show: (row) => row.seat ?? '–' },
];

const placeColumns = (): Column<Place>[] => [
  { name: 'place', title: say('lookups.place'), show: (row) => <span class="strong"><PlaceLink place={row.place} /></span> },
  { name: 'where', title: say('lookups.where'), show: (row) => <span class="whole">{word('place', row.place_kind)}</span> },
  { name: 'start', title: say('lookups.from'), show: (row) => timeText(row.from, health.value?.now) },
  { name: 'end', title: say('lookups.to'), show: (row) => timeText(row.to, health.value?.now) },
  { name: 'together', title: say('lookups.together'), number: true, show: (row) => `${row.cases.length} (${row.independent})` },
  { name: 'expected', title: say('lookups.expected'), number: true, show: (row) => row.expected.toFixed(2) },
  { name: 'p', title: say('lookups.p'), number: true, show: (row) => row.p_corrected.toPrecision(2) },
  { name: 'visitors', title: say('lookups.visitors'), number: true, show: (row) => numberText(row.background_visitors) },
  { name: 'why', title: say('lookups.why'), show: (row) => <span class="second">{inLanguage(row.text_zh, row.text_en)}</span> },
];

function Summary({ answer }: { answer: Answer }) {
  const levels = (['close', 'secondary', 'general'] as const).filter((one) => answer[one] !== undefined);
  return (
    <>
      <p class="figures">
        {levels.map((one) => <span key={one}><span class="key">{numberText(answer[one] ?? 0)}</span>{say(`lookups.${one}`)}</span>)}
        <span class="second">{say('lookups.window', { from: timeText(answer.from, health.value?.now), to: timeText(answer.to, health.value?.now) })}</span>
      </p>
      {answer.missing.length > 0 && <p class="wrong">{say('lookups.missing', { count: answer.missing.length })}</p>}
      {(answer.note_zh || answer.note_en) && <p class="note">{inLanguage(answer.note_zh, answer.note_en)}</p>}
    </>
  );
}

function Rows({ answer, from }: { answer: Answer; from: number }) {
  const caption = say(`lookups.${answer.what}`);
  if (answer.rows.length === 0) return <p>{say('rows.none')}</p>;
  if (answer.what === 'contacts') {
    const rows = answer.rows as Contact[];
    return <Table caption={caption} columns={contactColumns(from, rows)} rows={rows} />;
  }
  return answer.what === 'who' ? <Table caption={caption} columns={stayColumns()} rows={answer.rows as Stay[]} />
    : <Table caption={caption} columns={placeColumns()} rows={answer.rows as Place[]} />;
}

const caseOf = (what: What, given: Given): string => (what === 'source' ? (given.cases ?? '').split(',')[0] ?? '' : given.case ?? '').trim();

// A home's id is as good as a name, so that places are named in a body.
function questionOf(what: What, given: Given, after: number) {
  const text = (name: string) => (given[name] ?? '').trim();
  const id = caseOf(what, given);
  const purpose = (what !== 'contacts' || mayRows('contacts')) && given.purpose
    ? headerOf({ reference: 'case', id, purpose: given.purpose }) : '';
  if (what === 'who') {
    const body = Object.fromEntries(['case', 'place', 'from', 'to'].map((name) => [name, text(name)]).filter(([, value]) => value));
    return { address: '/v1/who', question: { method: 'POST' as const, body, purpose } };
  }
  if (what === 'source')
    return { address: withQuery('/v1/source', { cases: text('cases').split(/[,，\s]+/).filter(Boolean).join(',') }), question: { purpose } };
  return { address: withQuery('/v1/contacts', { case: id, generations: given.generations, limit: rowsOfPage, reasons: rowsOfPage,
    after: after || undefined }), question: { purpose } };
}

function Fields({ what, given, change }: { what: What; given: Given; change: (changed: Given) => void }) {
  const field = (name: string, title: string, required: boolean) => (
    <label>{title}<input type="text" {...(name.startsWith('case') ? { 'data-filter': true } : {})} required={required} maxLength={400}
      autocomplete="off" {...(name === 'case' ? { list: caseChoices } : {})} value={given[name] ?? ''} onInput={(event) => change({ [name]: event.currentTarget.value })} /></label>
  );
  const time = (name: string, title: string) => (
    <label>{title}<input type="datetime-local" value={given[name] ?? ''} onInput={(event) => change({ [name]: event.currentTarget.value })} /></label>
  );
  return (
    <>
      {what === 'source' ? field('cases', say('lookups.cases'), true) : <>{field('case', say('lookups.case'), true)}<CaseChoices /></>}
      {what === 'who' && <><NamedField title={say('lookups.place')} names="place" required value={given.place ?? ''} onChange={(place) => change({ place })} />
        {time('from', say('lookups.from'))}{time('to', say('lookups.to'))}</>}
      {what === 'contacts' && <label>{say('lookups.generations')}
        <select value={given.generations ?? '1'} onChange={(event) => change({ generations: event.currentTarget.value })}>
          <option value="1">{say('lookups.generations.1')}</option><option value="2">{say('lookups.generations.2')}</option>
        </select></label>}
      {(what !== 'contacts' || mayRows('contacts')) && <PurposeChoice value={given.purpose ?? ''} fits={(one) => one.traces}
        onChange={(purpose) => change({ purpose })} />}
    </>
  );
}

function Asking({ what }: { what: What }) {
  const given = useSignal<Given>({}), answer = useSignal<Answer | null>(null), from = useSignal(0);
  const refusal = useSignal<Refusal | null>(null), waiting = useSignal(false);
  async function run(after: number): Promise<void> {
    const { address, question } = questionOf(what, given.value, after);
    waiting.value = true;
    refusal.value = null;
    try {
      answer.value = { ...await ask<Answer>(address, question), what };
      from.value = after;
      // Whom it names is opened for the same reason, unless another was chosen.
      if (question.purpose && !look.value && given.value.purpose) look.value = { reference: 'case', id: caseOf(what, given.value), purpose: given.value.purpose };
    } catch (why) {
      heed(why);
      answer.value = null;
      refusal.value = why as Refusal;
    }
    waiting.value = false;
  }
  const shown = answer.value, next = shown?.next;
  return (
    <>
      <form class="filters" onSubmit={(event) => { event.preventDefault(); void run(0); }}>
        <Fields what={what} given={given.value} change={(changed) => { given.value = { ...given.value, ...changed }; }} />
        <button type="submit" class="first" disabled={waiting.value}>{say('lookups.ask')}</button>
      </form>
      <Refused refusal={refusal.value} />
      {waiting.value && !shown && <Waiting />}
      {shown && <section>
        <Title text={say(`lookups.${what}`)}><AsOfText of={shown.as_of} complete={shown.complete} />
          <button type="button" onClick={() => window.print()}>{say('print')}</button>
          <button type="button" onClick={() => {
            const asked = questionOf(what, given.value, from.value);
            void saveCsv(asked.address, `${what}.csv`, asked.question);
          }}>{say('csv')}</button></Title>
        <Summary answer={shown} />
        <Rows answer={shown} from={from.value} />
        <Pager from={from.value} shown={shown.rows.length}
          before={from.value > 0 ? () => { void run(Math.max(0, from.value - rowsOfPage)); } : null}
          next={next ? () => { void run(Number(next)); } : null} />
      </section>}
    </>
  );
}

export function LookUps() {
  const kinds = (['contacts', 'who', 'source'] as const).filter((one) => may(one));
  const wanted = path.value.split('/')[1], what = kinds.find((one) => one === wanted) ?? kinds[0] ?? 'contacts';
  const ofLots = may('who'), shown = wanted === 'lot' && ofLots ? 'lot' : what;
  return (
    <section>
      <Title level={1} text={say('lookups.title')}>
        {kinds.map((one) => <a key={one} href={addressOf(`lookups/${one}`)} aria-current={one === shown ? 'page' : undefined}
          class={one === shown ? 'strong' : 'second'}>{say(`lookups.${one}`)}</a>)}
        {ofLots && <a href={addressOf('lookups/lot')} aria-current={shown === 'lot' ? 'page' : undefined} class={shown === 'lot' ? 'strong' : 'second'}>{say('lookups.lots')}</a>}
      </Title>
      <p class="note">{say('lookups.note')}</p>
      {shown === 'lot' ? <LotLookUp /> : <Asking key={what} what={what} />}
    </section>
  );
}
