// What words leave open of a stay, to be asked of whoever said them: each way to read them is
// a button, written out, and what is chosen stands in the form of that stay and of no other.
import { numberText } from '../base/times';
import { say, word } from '../base/words';
import type { Name } from '../texts/zh';

interface Hours { start_minute: number | null; end_minute: number | null }
export interface Said {
  text: string; place: string; day_carried: boolean; day: string | null; other_day: string | null;
  start: string | null; end: string | null; start_minute: number | null; end_minute: number | null; asks: string[]; readings: Hours[];
}
// What was answered so far: a day, and which of the readings of the hours.
export interface Answered { day: string | null; hours: number | null }

const minutesOfDay = 1440;

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86400e3).toISOString().slice(0, 10);
}

const clock = (minute: number): string => `${String(Math.floor(minute % minutesOfDay / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

function moment(day: string | null, minute: number | null): string | null {
  return day === null || minute === null ? null : `${dayAfter(day, Math.floor(minute / minutesOfDay))}T${clock(minute)}`;
}

// "12月9日 周四（2021-12-09）": which is the day and which the month cannot be mistaken.
function dayText(day: string): string {
  const [year = '', month = '', date = ''] = day.split('-'), week = new Date(`${day}T00:00:00Z`).getUTCDay();
  return say('ask.day.of', { month: say(`ask.month.${Number(month)}` as Name), date: Number(date), week: say(`ask.week.${week}` as Name), year });
}

// "下午 15:00": the half of the day in words, for 12 is noon or one of two midnights.
function clockText(minute: number): string {
  const hour = Math.floor(minute / 60);
  const part = hour >= 24 ? (hour === 24 ? 'next_midnight' : 'next_night') : hour === 0 ? 'midnight' : hour < 6 ? 'small' : hour < 12 ? 'morning' : hour === 12 ? 'noon' : hour < 18 ? 'afternoon' : 'evening';
  return say(`ask.part.${part}` as Name, { at: clock(minute) });
}

function hoursText(one: Hours): string {
  if (one.start_minute === null) return say('ask.hours.until', { end: clockText(one.end_minute ?? 0) });
  return one.end_minute === null ? clockText(one.start_minute) : say('ask.hours.span', { start: clockText(one.start_minute), end: clockText(one.end_minute) });
}

// The fields of the form that the answers settle.
export function settledBy(one: Said, given: Answered): Record<string, string> {
  const open = (name: string): boolean => one.asks.includes(name);
  const day = open('day') || open('no_such_day') || open('day_order') ? given.day : one.day;
  const hours = !open('half_day') ? { start_minute: one.start_minute, end_minute: one.end_minute } : given.hours === null ? null : one.readings[given.hours] ?? null;
  const start = moment(day, hours?.start_minute ?? null), end = moment(day, hours?.end_minute ?? null);
  return { ...(start ? { start } : {}), ...(end ? { end } : {}) };
}

function Choices({ title, of, chosen, onChoose }: { title: string; of: [key: string, text: string][]; chosen: string | null; onChoose: (key: string) => void }) {
  return (
    <div class="readings" role="group" aria-label={title}>
      <span class="strong">{say('case.asks')}{title}</span>
      {of.map(([key, text]) => <button key={key} type="button" aria-pressed={chosen === key} onClick={() => onChoose(key)}>{text}</button>)}
    </div>
  );
}

function Question({ name, one, given, onGiven }: { name: string; one: Said; given: Answered; onGiven: (given: Answered) => void }) {
  if (name === 'day_order' && one.day && one.other_day) {
    // Of a night its hour says what is asked.
    const at = one.start_minute !== null && !one.asks.includes('half_day') ? ` ${clock(one.start_minute)}` : '';
    return <Choices title={word('ask', name)} of={[one.day, one.other_day].map((day) => [day, `${dayText(day)}${at}`])} chosen={given.day} onChoose={(day) => onGiven({ ...given, day })} />;
  }
  if (name === 'half_day' && one.readings.length > 0)
    return <Choices title={word('ask', name)} of={one.readings.map((hours, at) => [String(at), hoursText(hours)])} chosen={given.hours === null ? null : String(given.hours)} onChoose={(at) => onGiven({ ...given, hours: Number(at) })} />;
  if (name === 'day' || name === 'no_such_day')
    return <label class="readings"><span class="strong">{say('case.asks')}{word('ask', name)}</span>
      <input type="date" value={given.day ?? ''} onChange={(event) => onGiven({ ...given, day: event.currentTarget.value || null })} /></label>;
  return <p class="strong">{say('case.asks')}{word('ask', name)}</p>;
}

// That no such day is comes first: the rest hangs on it.
export function Questions({ one, given, onGiven }: { one: Said; given: Answered; onGiven: (given: Answered) => void }) {
  const left = one.asks.filter((name) => ((name === 'day' || name === 'no_such_day' || name === 'day_order') && given.day === null) || (name === 'half_day' && given.hours === null));
  return (
    <>
      {[...one.asks].sort((a, b) => Number(b === 'no_such_day') - Number(a === 'no_such_day')).map((name) => <Question key={name} name={name} one={one} given={given} onGiven={onGiven} />)}
      {left.length > 0 && (given.day !== null || given.hours !== null) && <p class="second" role="status">{say('ask.left', { count: numberText(left.length) })}</p>}
    </>
  );
}
