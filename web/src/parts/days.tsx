// A case's days, one row each: what records know is solid, what was said is striped, and
// what nobody knows is left open, with its hours, for the next question. What was said can
// be corrected or withdrawn there; what records know cannot.
import { useSignal } from '@preact/signals';
import { Fragment } from 'preact';
import { useRef } from 'preact/hooks';
import { fitted, useRoom } from '../base/size';
import { numberText, spanText, timeText } from '../base/times';
import { say, word } from '../base/words';
import { Restate, type StayFact } from './restate';

export interface CaseStay { place: string; place_kind: string; start: string; end: string; stated: boolean; told_by: string[]; facts: StayFact[] }
export interface Mark { name: string; at: string }

const top = 18, height = 14, day = 1440, letters = 12.5;

const dayOf = (time: string) => time.slice(0, 10);
const minuteOf = (time: string) => Number(time.slice(11, 13)) * 60 + Number(time.slice(14, 16));

// The days from one to another, both among them, as the city's calendar has them.
function daysBetween(from: string, to: string): string[] {
  const days: string[] = [], last = dayOf(to);
  for (let at = new Date(`${dayOf(from)}T00:00:00Z`); days.length < 60; at = new Date(at.getTime() + 86400000)) {
    const one = at.toISOString().slice(0, 10);
    if (one > last) break;
    days.push(one);
  }
  return days;
}

interface Piece { from: number; to: number; stay: CaseStay | null }

// The day's stays and what lies between them, until `until`.
export function piecesOf(stays: CaseStay[], date: string, until: number): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const stay of stays.filter((one) => dayOf(one.start) === date)) {
    const from = minuteOf(stay.start), to = dayOf(stay.end) > date ? day : minuteOf(stay.end);
    if (from > at) pieces.push({ from: at, to: from, stay: null });
    pieces.push({ from, to, stay });
    at = Math.max(at, to);
  }
  if (at < until) pieces.push({ from: at, to: until, stay: null });
  return pieces;
}

// Whose word a stay is, or which record's, where somebody said.
const toldBy = (stay: CaseStay): string => (stay.told_by.length > 0 ? say('case.told_by_whom', { who: stay.told_by.map((one) => word('told_by', one)).join(say('comma')) }) : '');

const clock = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
// A stay of a day, whatever else is loaded meanwhile.
const nameOf = (date: string, stay: CaseStay): string => `${date} ${stay.facts.map((one) => `${one.device}/${one.seq}`).join(' ')}`;

function PieceMark({ piece, width, onOpen }: { piece: Piece; width: number; onOpen: (() => void) | undefined }) {
  const x = piece.from / day * width, length = Math.max(2, (piece.to - piece.from) / day * width);
  const stay = piece.stay, name = stay ? word('place', stay.place_kind) : say('case.gap'), label = fitted(name, length - 4, letters);
  const title = `${clock(piece.from)}–${clock(piece.to)} ${name}${stay ? ` ${stay.place} · ${say(stay.stated ? 'case.said' : 'case.known')}${toldBy(stay)}` : ''}`;
  return (
    <g class={`${stay ? (stay.stated ? 'said' : 'known') : 'gap'}${onOpen ? ' opens' : ''}`} onClick={onOpen}>
      <title>{title}</title>
      <rect x={x.toFixed(1)} y={top} width={length.toFixed(1)} height={height} />
      {label !== '' && <text x={(x + 2).toFixed(1)} y={top - 5}>{label}</text>}
    </g>
  );
}

// A button a stay that was said: a bar of some minutes is too narrow for a finger, and no
// key leads to it.
function SaidStays({ date, pieces, open, onOpen }: { date: string; pieces: Piece[]; open: string; onOpen: (name: string, from?: HTMLElement) => void }) {
  const said = pieces.filter((one) => one.stay && one.stay.facts.length > 0);
  if (said.length === 0) return null;
  return <div class="acts said-stays">{said.map((one) => (
    <button key={nameOf(date, one.stay!)} type="button" aria-expanded={open === nameOf(date, one.stay!)} onClick={(event) => onOpen(nameOf(date, one.stay!), event.currentTarget)}>
      {say('restate.open', { span: `${clock(one.from)}–${clock(one.to)}`, place: word('place', one.stay!.place_kind) })}</button>))}</div>;
}

export function Days({ stays, from, to, infectious, missing, marks, now }: {
  stays: CaseStay[]; from: string; to: string; infectious: [string, string]; missing: string[]; marks: Mark[]; now: string;
}) {
  const days = daysBetween(from, to).slice(-14), place = useRef<HTMLTableCellElement>(null), width = useRoom(place, 600);
  const opened = useSignal(''), opener = useRef<HTMLElement | null>(null);
  const toggle = (name: string, from?: HTMLElement): void => { opener.current = from ?? null; opened.value = opened.value === name ? '' : name; };
  // Whoever opened it by keys goes on from there.
  const close = (): void => { opened.value = ''; opener.current?.focus(); };
  let known = 0, said = 0, open = 0;
  const rows = days.map((date) => {
    // What cannot be read is not what nobody knows.
    const lost = missing.includes(date), until = date === dayOf(now) ? minuteOf(now) : day;
    const pieces = lost ? [] : piecesOf(stays, date, until);
    for (const one of pieces) {
      const length = one.to - one.from;
      if (!one.stay) open += length;
      else if (one.stay.stated) said += length;
      else known += length;
    }
    return { date, pieces, lost };
  });
  return (
    <>
      <p class="second">{say('case.hours', { known: spanText(known * 60), said: spanText(said * 60), open: spanText(open * 60) })}</p>
      <div class="scroll" role="region" aria-label={say('case.days')} tabIndex={0}>
        <table class="days">
          <caption class="unseen">{say('case.days')}</caption>
          <thead><tr><th scope="col"><span class="unseen">{say('case.day')}</span></th><th scope="col" ref={place}><span class="unseen">{say('case.hour')}</span>
            <svg viewBox={`0 0 ${width} 14`} aria-hidden="true">{(width > 300 ? [0, 6, 12, 18, 24] : [0, 12, 24]).map((hour) =>
              <text key={hour} x={hour / 24 * width} y="11" text-anchor={hour === 0 ? 'start' : hour === 24 ? 'end' : 'middle'}>{`${String(hour).padStart(2, '0')}:00`}</text>)}</svg></th></tr></thead>
          <tbody>
            {rows.map(({ date, pieces, lost }) => {
              const here = marks.filter((one) => dayOf(one.at) === date);
              const chosen = pieces.find((one) => one.stay && one.stay.facts.length > 0 && nameOf(date, one.stay) === opened.value)?.stay;
              return (<Fragment key={date}>
                <tr class={infectious[0] < infectious[1] && date >= dayOf(infectious[0]) && `${date}T00:00` < infectious[1].slice(0, 16) ? 'infectious' : ''}>
                  <th scope="row"><span class="strong">{date.slice(5)}</span>
                    {here.map((one) => <span key={one.name} class="second">{word('casestep', one.name)} {timeText(one.at, date)}</span>)}</th>
                  <td>{lost ? <span class="second">{say('case.lost')}</span> :
                    <svg viewBox={`0 0 ${width} ${top + height + 2}`} role="img"
                      aria-label={say('case.day_label', { day: date, count: numberText(pieces.filter((one) => one.stay).length) })}>
                      {pieces.map((piece, at) => <PieceMark key={at} piece={piece} width={width} onOpen={piece.stay && piece.stay.facts.length > 0 ? () => toggle(nameOf(date, piece.stay!)) : undefined} />)}
                      {here.map((one) => <path key={one.name} class="mark" d={`M${(minuteOf(one.at) / day * width).toFixed(1)} ${top - 4}v${height + 6}`} />)}
                    </svg>}
                    <SaidStays date={date} pieces={pieces} open={opened.value} onOpen={toggle} />
                  </td>
                </tr>
                {chosen && <tr><td colSpan={2}><Restate key={opened.value} facts={chosen.facts} recorded={!chosen.stated} onDone={close} /></td></tr>}
              </Fragment>);
            })}
          </tbody>
        </table>
      </div>
      <p class="soft keyed"><span class="swatch known" />{say('case.known')}<span class="swatch said" />{say('case.said')}
        <span class="swatch gap" />{say('case.gap')}<span class="swatch bound" />{say('case.infectious')}</p>
    </>
  );
}
