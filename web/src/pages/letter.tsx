// A letter between regions (协查函) as it is printed: the request that goes out, or the receipt
// and answer to one that came in. It says nothing of the case; whom it concerns shows to who
// may read it, with a reference and a purpose.
import { useEffect } from 'preact/hooks';
import '../look/letter.css';
import { health, session } from '../base/city';
import { useAnswer } from '../base/load';
import { settled } from '../base/book';
import { addressOf, go, query } from '../base/route';
import { numberText } from '../base/times';
import { textIn, useRows, type Row } from '../base/views';
import { inLanguage, say, word } from '../base/words';
import { viewOffers } from '../list/records';
import { placeName } from '../net/names';
import { postText } from '../parts/links';
import { headerOf, look, LookForm, proposeLook } from '../parts/look';
import { Record as RecordFact } from '../parts/record';
import { AsOfText, Refused, Title, Waiting } from '../parts/shown';
import type { Name } from '../texts/zh';
import { Due } from './holes';

interface Figure { name: string; value: number | null; unit_zh: string; unit_en: string; terms_zh: string; terms_en: string; source: string; source_title_zh: string; source_title_en: string }

// On one letter; a longer list is attached.
const personsMost = 500;

// Whole, with its year: paper is read on other days.
const whenText = (time: string): string => time.slice(0, 16).replace('T', ' ');

// So much later, by the clock of the city's own zone.
function later(time: string, seconds: number): string {
  const zone = /([+-])(\d\d):(\d\d)$/.exec(time), ahead = zone ? (zone[1] === '-' ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3])) : 0;
  return new Date(Date.parse(time) + seconds * 1000 + ahead * 60000).toISOString().slice(0, 16).replace('T', ' ');
}

const counted = (name: 'letter.opening' | 'letter.reply.opening' | 'letter.reply.receipt' | 'letter.persons.attached', count: number, more = {}): string =>
  say((count === 1 ? `${name}.one` : name) as Name, { count: numberText(count), ...more });

// ---- what is asked, or was done ----

interface Step { name: string; doneAt: string; number?: string; instead?: string }

// Control has a time where an answer said so. Else the letter says what was answered: the
// minute of that answer is none at which anybody was put under control.
function notSaid(row: Row): string {
  const missed = textIn(row, 'not_found_at'), over = textIn(row, 'done_at');
  return missed ? say('letter.control.not_found', { at: whenText(missed) }) : over ? say('letter.control.unsaid', { at: whenText(over) }) : say('letter.not_yet');
}

function stepsOf(row: Row): Step[] {
  const control = textIn(row, 'about') === 'control';
  return [
    { name: 'receipt', doneAt: textIn(row, row.outgoing ? 'receipt_at' : 'received_at') },
    { name: 'first_check', doneAt: textIn(row, 'checked_at'), number: 'deadlines.letter.first_check' },
    ...(control ? [{ name: 'under_control', doneAt: textIn(row, 'controlled_at'), number: 'deadlines.letter.under_control', instead: notSaid(row) }] : []),
    { name: 'other', doneAt: textIn(row, 'done_at'), number: 'deadlines.letter.other' },
  ];
}

function Steps({ row, figures }: { row: Row; figures: Figure[] }) {
  const out = row.outgoing === true, from = textIn(row, out ? 'sent_at' : 'received_at');
  return (
    <div class="sheet" tabIndex={0} role="region" aria-label={say(out ? 'letter.asked' : 'letter.done')}>
      <table>
        <thead><tr>
          <th scope="col">{say('letter.step')}</th><th scope="col">{say('letter.within')}</th><th scope="col">{say('letter.by')}</th>
          {!out && <th scope="col">{say('letter.at')}</th>}<th scope="col">{say('letter.basis')}</th>
        </tr></thead>
        <tbody>{stepsOf(row).map((step) => {
          const figure = figures.find((one) => one.name === step.number), seconds = figure?.value ? figure.value * (figure.unit_en.startsWith('d') ? 86400 : 3600) : 0;
          return (
            <tr key={step.name}>
              <td data-name={say('letter.step')}>{say(`letter.step.${step.name}${out ? '' : '.done'}` as Name)}</td>
              <td class="whole" data-name={say('letter.within')}>{figure && seconds > 0 ? `${numberText(figure.value ?? 0)} ${inLanguage(figure.unit_zh, figure.unit_en)}` : '–'}</td>
              <td class="whole" data-name={say('letter.by')}>{seconds > 0 && from ? later(from, seconds) : '–'}</td>
              {!out && <td class={step.doneAt ? 'whole' : ''} data-name={say('letter.at')}>{step.doneAt ? whenText(step.doneAt) : step.instead ?? say('letter.not_yet')}</td>}
              <td data-name={say('letter.basis')}>{figure ? [inLanguage(figure.terms_zh, figure.terms_en), inLanguage(figure.source_title_zh, figure.source_title_en) || figure.source].filter(Boolean).join(say('semicolon')) : step.number ? say('letter.no_limit') : '–'}</td>
            </tr>
          );
        })}</tbody>
      </table>
    </div>
  );
}

// ---- whom it concerns ----

function Persons({ row, persons, more, at }: { row: Row; persons: Row[] | null; more: boolean; at: string }) {
  const count = Number(row.persons_count ?? 0), empty = say('letter.person.unknown');
  if (count === 0) return <p>{say('letter.persons.nobody')}</p>;
  if (!persons) return <p>{counted('letter.persons.attached', count)}</p>;
  return (
    <div class="sheet" tabIndex={0} role="region" aria-label={say('letter.persons')}>
      <table>
        <thead><tr>{(['no', 'name', 'phone', 'level', 'last', 'found'] as const).map((one) => <th key={one} scope="col">{say(`letter.person.${one}`)}</th>)}</tr></thead>
        <tbody>{persons.map((one, at) => (
          <tr key={textIn(one, 'person')}>
            <td data-name={say('letter.person.no')}>{at + 1}</td>
            <td data-name={say('letter.person.name')}>{textIn(one, 'name') || empty}</td>
            <td data-name={say('letter.person.phone')} class="whole">{textIn(one, 'phone') || empty}</td>
            <td data-name={say('letter.person.level')}>{textIn(one, 'level') ? word('level', textIn(one, 'level')) : '–'}</td>
            <td data-name={say('letter.person.last')} class="whole">{textIn(one, 'last_exposure').slice(0, 10) || '–'}</td>
            <td data-name={say('letter.person.found')}></td>
          </tr>
        ))}</tbody>
      </table>
      {more && <p>{say('letter.persons.more')}</p>}
      {at && <p class="small">{say('letter.persons.as_of', { at: whenText(at) })}</p>}
    </div>
  );
}

// ---- the sheet ----

// A reply is of the day of its last answer, however often it is printed; what it says and when
// it was printed stand apart.
function Sheet({ row, figures, persons, more, personsAt }: { row: Row; figures: Figure[]; persons: Row[] | null; more: boolean; personsAt: string }) {
  const out = row.outgoing === true, count = Number(row.persons_count ?? 0), id = textIn(row, 'letter_id'), outbreak = textIn(row, 'outbreak');
  const now = health.value?.now ?? '', answered = textIn(row, 'answered_at'), office = [textIn(row, 'grid') && placeName(textIn(row, 'grid')), session.value?.office].filter(Boolean).join(' ');
  const opening = out && count === 0 ? say('letter.opening.nobody', { outbreak: outbreak ? say('letter.outbreak', { outbreak }) : say('letter.outbreak.none') })
    : out ? counted('letter.opening', count, { outbreak: outbreak ? say('letter.outbreak', { outbreak }) : say('letter.outbreak.none') })
    : counted(textIn(row, 'checked_at') ? 'letter.reply.opening' : 'letter.reply.receipt', count);
  return (
    <article class="letter">
      {health.value?.kind === 'drill' && <p class="drill"><span>{say('drill')}</span> {say('letter.drill')}</p>}
      <h2>{say(out ? 'letter.request' : 'letter.reply')}</h2>
      <dl class="heads">
        <dt>{say(out ? 'letter.number' : 'letter.theirs')}</dt><dd>{id}</dd>
        <dt>{say('letter.to')}</dt><dd class="strong">{textIn(row, 'region')}</dd>
        <dt>{say('letter.from')}</dt><dd>{office}</dd>
        <dt>{say('letter.date')}</dt><dd>{out ? whenText(textIn(row, 'sent_at')) : answered ? whenText(answered) : now.slice(0, 10)}</dd>
      </dl>
      <p>{opening}</p>
      <h3>{say(out ? 'letter.asked' : 'letter.done')}</h3>
      <Steps row={row} figures={figures} />
      {out && <p class="small">{say('letter.from_receipt')}</p>}
      {!out && <p class="small">{say(answered ? 'letter.as_of' : 'letter.as_of.none', { at: whenText(answered), printed: whenText(now) })}</p>}
      <h3>{say('letter.persons')}</h3>
      <Persons row={row} persons={persons} more={more} at={personsAt} />
      <p class="small">{say('letter.silent')}</p>
      <p class="small">{say('letter.only')}</p>
      <div class="ends">
        <dl><dt>{say('letter.sign')}</dt><dd></dd><dt>{say('letter.call')}</dt><dd></dd><dt>{say('letter.date')}</dt><dd></dd></dl>
        <div class="seal">{say('letter.seal')}</div>
      </div>
    </article>
  );
}

// The sheet's size holds while the letter is open: other pages are printed as they were. The
// policy takes rules that a script made, and none that stand in the page.
function usePaper(): void {
  useEffect(() => {
    const rules = new CSSStyleSheet();
    rules.replaceSync('@page { size: A4 portrait; margin: 20mm 18mm; }');
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, rules];
    return () => { document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== rules); };
  }, []);
}

// How it stands, for who looks after it: the next step, by when and whose. Not on the paper.
function Now({ row }: { row: Row }) {
  const step = textIn(row, 'next_step'), due = textIn(row, 'turn'), now = health.value?.now, post = textIn(row, 'grid') ? `${textIn(row, 'owner')}@${textIn(row, 'grid')}` : textIn(row, 'owner');
  const asksNobody = row.about === 'control' && Number(row.persons_count ?? 0) === 0;
  return (
    <>
      <p class="figures on-screen"><span class="second">{say('letter.next')}</span>{step ? <><span class="strong">{word('next_step', step)}</span>
        {due && now && <span><Due due={due} now={now} /></span>}<span>{postText(post)}</span></> : <span>{say('letter.over', { at: whenText(textIn(row, 'done_at')) })}</span>}</p>
      {asksNobody && <p class="wrong on-screen" role="status">{say('letter.control.nobody')}</p>}
    </>
  );
}

function Which() {
  return (
    <form class="filters" onSubmit={(event) => { event.preventDefault(); go('letter', { letter: String(new FormData(event.currentTarget).get('letter') ?? '').trim() }); }}>
      <label>{say('letter.which')}<input name="letter" required maxLength={64} autocomplete="off" data-filter /></label>
      <button type="submit">{say('letter.open')}</button>
    </form>
  );
}

export function LetterPage() {
  const id = query.value.get('letter') ?? '', purpose = headerOf(look.value);
  const letter = useRows('tracing/letters', id ? { letter_id: id } : null, { again: settled.value }), row = letter.answer?.rows[0];
  const named = useRows('tracing/letter_persons', row && purpose ? { letter_id: id } : null, { purpose, limit: personsMost, again: settled.value });
  const protocol = useAnswer<{ rows: Figure[] }>('/v1/protocol', {}, []), about = textIn(row, 'case_id');
  usePaper();
  useEffect(() => { if (about) proposeLook('case', about); }, [about]);
  return (
    <section>
      <Title level={1} text={`${say('nav.letter')} ${id}`}>
        <a href={addressOf('views/tracing/letters')}>{say('letter.list')}</a>
        <AsOfText of={letter.answer?.as_of} complete={letter.answer?.complete} />
        {row && <button type="button" onClick={() => window.print()}>{say('print')}</button>}
      </Title>
      {!id && <Which />}
      <Refused refusal={letter.refusal ?? named.refusal ?? protocol.refusal} />
      {letter.waiting && !row && <Waiting />}
      {letter.answer && !row && <p>{say('letter.none')}</p>}
      {row && <>
        <Now row={row} />
        <p class="note">{say('letter.persons.sealed')}</p>
        <LookForm />
        <RecordFact offers={viewOffers('tracing/letters').filter((one) => one.kind === 'letter.answered').map((one) => ({ ...one, given: { letter: id } }))} />
        {protocol.answer && <Sheet row={row} figures={protocol.answer.rows} persons={purpose ? named.answer?.rows ?? null : null} more={Boolean(named.answer?.next)} personsAt={named.answer?.as_of.at ?? ''} />}
      </>}
    </section>
  );
}
