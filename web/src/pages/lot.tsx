// From a lot of goods to people, in one step: where it was swabbed and which exposures it had
// a part in, and who was at each of those places by the time of the case. Who was there is a
// look at people, written down for each place; where the lot was names nobody.
import { useSignal } from '@preact/signals';
import { ask, Refusal, type AsOf } from '../base/ask';
import { health, heed } from '../base/city';
import { numberText, timeText } from '../base/times';
import { textIn, type Page, type Row } from '../base/views';
import { say, word } from '../base/words';
import { caseChoices, CaseChoices } from '../parts/cases';
import { query as ofView } from '../parts/finder';
import { CaseLink, GridText, PersonLink, PlaceLink } from '../parts/links';
import { headerOf, look, PurposeChoice } from '../parts/look';
import { AsOfText, Refused, Table, Title, Waiting, type Column } from '../parts/shown';

interface Stay { person: string; start: string; end: string; guessed: boolean }
interface Who { rows: Stay[]; next?: string; as_of: AsOf; complete: boolean; missing: unknown[] }
interface There { place: string; name: string; who: Who | null; refusal: Refusal | null }
interface Found { lot: string; records: Page; there: There[]; left: number }

// So many places of one lot are asked for at once; each is a look.
const placesMost = 20, recordsMost = 500;

const time = (at: string): string => timeText(at, health.value?.now);

function placesOf(rows: Row[]): Map<string, string> {
  return new Map(rows.filter((row) => textIn(row, 'place') !== '').map((row) => [textIn(row, 'place'), textIn(row, 'place_name')]));
}

async function find(lot: string, id: string, purpose: string): Promise<Found> {
  const records = await ofView('cases/lots', { lot }, { limit: recordsMost }), places = [...placesOf(records.rows)];
  const there = await Promise.all(places.slice(0, placesMost).map(async ([place, name]): Promise<There> => {
    try {
      return { place, name, who: await ask<Who>('/v1/who', { method: 'POST', purpose, body: { case: id, place } }), refusal: null };
    } catch (why) {
      heed(why);
      return { place, name, who: null, refusal: why as Refusal };
    }
  }));
  return { lot, records, there, left: places.length - there.length };
}

const recordColumns = (): Column<Row>[] => [
  { name: 'place', title: say('lookups.place'), show: (row) => <><span class="strong"><PlaceLink place={textIn(row, 'place')}>{textIn(row, 'place_name') || textIn(row, 'place')}</PlaceLink></span>{textIn(row, 'place_name') && <span class="soft"> {textIn(row, 'place')}</span>}</> },
  { name: 'what', title: say('lot.what'), show: (row) => <>{word('lot.what', textIn(row, 'what'))} <span class="soft">{textIn(row, 'record')}</span></> },
  { name: 'object', title: say('lot.object'), show: (row) => (textIn(row, 'what') === 'exposure' ? word('exposure', textIn(row, 'object')) : textIn(row, 'object')) || '–' },
  { name: 'at', title: say('lot.at'), show: (row) => <span class="whole">{[time(textIn(row, 'from_at')), time(textIn(row, 'until_at'))].filter(Boolean).join('–') || '–'}</span> },
  { name: 'result', title: say('lot.result'), show: (row) => (row.result ? word('result', textIn(row, 'result')) : '–') },
  { name: 'case', title: say('lookups.case'), show: (row) => (row.case_id ? <CaseLink id={textIn(row, 'case_id')} /> : '–') },
  { name: 'grid', title: say('grid'), show: (row) => (row.grid ? <GridText grid={textIn(row, 'grid')} /> : '–') },
];

function Persons({ there }: { there: There }) {
  const columns: Column<Stay>[] = [
    { name: 'person', title: say('lookups.person'), show: (row) => <span class="strong whole"><PersonLink person={row.person} /></span> },
    { name: 'start', title: say('lookups.start'), show: (row) => time(row.start) },
    { name: 'end', title: say('lookups.end'), show: (row) => <>{time(row.end)}{row.guessed && <span class="soft"> {say('lookups.guessed')}</span>}</> },
  ];
  const name = there.name || there.place, { who } = there;
  return (
    <section>
      <Title text={say('lot.who', { place: name })}><span class="second">{who && say(who.next ? 'lot.stays.more' : 'lot.stays', { count: numberText(who.rows.length) })}</span>
        <PlaceLink place={there.place}>{say('lot.place')}</PlaceLink><AsOfText of={who?.as_of} complete={who?.complete} /></Title>
      <Refused refusal={there.refusal} />
      {who && who.missing.length > 0 && <p class="wrong">{say('lookups.missing', { count: who.missing.length })}</p>}
      {who && (who.rows.length > 0 ? <Table caption={say('lot.who', { place: name })} columns={columns} rows={who.rows} /> : <p>{say('lot.nobody')}</p>)}
    </section>
  );
}

function Shown({ found }: { found: Found }) {
  const { records } = found;
  return (
    <>
      <section>
        <Title text={say('lot.where', { lot: found.lot })}><AsOfText of={records.as_of} complete={records.complete} /></Title>
        {records.rows.length > 0 ? <Table caption={say('lot.where', { lot: found.lot })} columns={recordColumns()} rows={records.rows} /> : <p>{say('lot.none')}</p>}
        {records.next && <p class="wrong">{say('lot.more', { count: numberText(recordsMost) })}</p>}
      </section>
      {found.there.map((one) => <Persons key={one.place} there={one} />)}
      {found.left > 0 && <p class="wrong">{say('lot.left', { count: numberText(found.left) })}</p>}
    </>
  );
}

export function LotLookUp() {
  const lot = useSignal(''), id = useSignal(''), purpose = useSignal(look.value?.purpose ?? ''), found = useSignal<Found | null>(null);
  const refusal = useSignal<Refusal | null>(null), waiting = useSignal(false);
  async function run(): Promise<void> {
    waiting.value = true;
    refusal.value = null;
    found.value = null;
    const of = { reference: 'case', id: id.value.trim(), purpose: purpose.value };
    try {
      found.value = await find(lot.value.trim(), of.id, headerOf(of));
      look.value ??= of;
    } catch (why) {
      heed(why);
      refusal.value = why as Refusal;
    }
    waiting.value = false;
  }
  return (
    <>
      <form class="filters" onSubmit={(event) => { event.preventDefault(); void run(); }}>
        <label>{say('lookups.lots')}<input data-filter name="lot" required maxLength={64} autocomplete="off" value={lot.value} onInput={(event) => { lot.value = event.currentTarget.value; }} /></label>
        <label>{say('lookups.case')}<input name="case" required maxLength={64} autocomplete="off" list={caseChoices} value={id.value} onInput={(event) => { id.value = event.currentTarget.value; }} /></label>
        <CaseChoices />
        <PurposeChoice value={purpose.value} fits={(one) => one.traces && one.reads} onChange={(chosen) => { purpose.value = chosen; }} />
        <button type="submit" class="first" disabled={waiting.value}>{say('lookups.ask')}</button>
      </form>
      <p class="note">{say('lot.note')}</p>
      <Refused refusal={refusal.value} />
      {waiting.value && <Waiting />}
      {found.value && <Shown found={found.value} />}
    </>
  );
}
