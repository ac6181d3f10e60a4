// A roster round the clock: a lane a post, shifts with who holds them, and where nobody
// does a hole. The line is now; it goes on as the service's clock does.
import { useSignal } from '@preact/signals';
import { options } from 'preact';
import { useEffect } from 'preact/hooks';
import { useAnswer } from '../base/load';
import { came, health } from '../base/city';
import { taken } from '../base/book';
import { withQuery } from '../base/ask';
import { addressOf } from '../base/route';
import { narrow } from '../base/size';
import { instant, numberText, timeText } from '../base/times';
import { say, word } from '../base/words';
import { nameOf, namesArrive } from '../net/names';
import { Refused, Title } from './shown';
import '../look/roster.css';

interface Shift { post: string; holder: string; from_at: string; until_at: string }
interface Piece { from: number; until: number; holder: string | null; text: string }

const hour = 3600, soon = 3600, most = 2000;

const groupOf = (post: string): string => (post.includes('@') ? post.slice(0, post.lastIndexOf('@')) : post);
const gridOf = (post: string): string => (post.includes('@') ? post.slice(post.lastIndexOf('@') + 1) : '');

// A time of the city's zone that stands so many seconds from now, as the service writes it.
function textAt(seconds: number, now: string): string {
  const zone = /([+-])(\d\d):(\d\d)$/.exec(now), offset = zone ? (zone[1] === '-' ? -1 : 1) * (Number(zone[2]) * 3600 + Number(zone[3]) * 60) : 0;
  return new Date((seconds + offset) * 1000).toISOString().slice(0, 16);
}

// Shifts in their order and the holes between them, from now to the end.
function piecesOf(shifts: Shift[], begin: number, now: number, end: number, today: string): Piece[] {
  const pieces: Piece[] = [], text = (at: number) => timeText(textAt(at, today), today);
  const hole = (from: number, until: number): void => { if (until - from >= 60) pieces.push({ from, until, holder: null, text: `${text(from)}–${text(until)}` }); };
  let held = now;
  for (const one of shifts) {
    const from = instant(one.from_at), until = instant(one.until_at);
    if (until <= begin || from >= end) continue;
    hole(held, Math.min(from, end));
    pieces.push({ from: Math.max(from, begin), until: Math.min(until, end), holder: one.holder, text: `${timeText(one.from_at, today)}–${timeText(one.until_at, today)}` });
    held = Math.max(held, until);
  }
  hole(held, end);
  return pieces;
}

// Of shifts that overlap each has a line of its own.
function linesOf(pieces: Piece[]): number[] {
  const ends: number[] = [];
  return pieces.map((one) => {
    const free = ends.findIndex((end) => end <= one.from + 60), line = free < 0 ? ends.length : free;
    ends[line] = one.until;
    return line;
  });
}

function Lane({ post, shifts, begin, now, end, today }: { post: string; shifts: Shift[]; begin: number; now: number; end: number; today: string }) {
  const pieces = piecesOf(shifts, begin, now, end, today), lines = linesOf(pieces), share = (at: number) => `${(100 * (at - begin) / (end - begin)).toFixed(3)}%`;
  return (
    <li class="lane">
      <a href={addressOf('tasks', { owner: post })} class="of">{nameOf(gridOf(post)) ?? (namesArrive.value ? '\u00a0' : gridOf(post) || post)}</a>
      <ul style={{ height: `${1.875 * (Math.max(0, ...lines) + 1)}rem` }}>
        {pieces.map((one, at) => {
          // What is said of a shift that lasts begins behind the line of now.
          const behind = one.from < now ? Math.min(90, 100 * (now - one.from) / (one.until - one.from)) : 0;
          const late = one.holder === null && one.from <= now + soon, name = one.holder ?? say('roster.nobody');
          return (
            <li key={at} class={one.holder === null ? `hole${late ? ' late' : ''}` : 'held'} title={`${name} ${one.text}`}
              style={{ left: share(one.from), width: `${(100 * (one.until - one.from) / (end - begin)).toFixed(3)}%`, top: `${1.875 * (lines[at] ?? 0)}rem` }}>
              <span style={behind > 0 ? { marginLeft: `${behind.toFixed(2)}%` } : {}}>{late && <span aria-hidden="true">◆ </span>}{name} <span class="when">{one.text}</span></span></li>
          );
        })}
      </ul>
    </li>
  );
}

function Axis({ begin, end, today }: { begin: number; end: number; today: string }) {
  const every = end - begin > 30 * hour ? 6 : 4, ticks = [];
  for (let at = begin; at < end; at += hour) {
    const text = textAt(at, today);
    // What would begin at the very end has no room to be read.
    if (Number(text.slice(11, 13)) % every === 0 && end - at > (end - begin) / 24) ticks.push({ at, text: text.slice(11, 13) === '00' ? text.slice(5, 10) : text.slice(11, 16), day: text.slice(11, 13) === '00' });
  }
  return <div class="axis" aria-hidden="true"><div>{ticks.map((one) => <span key={one.at} class={one.day ? 'day' : ''} style={{ left: `${(100 * (one.at - begin) / (end - begin)).toFixed(3)}%` }}>{one.text}</span>)}</div></div>;
}

// What is shown until somebody asks for more or less: on a screen that is narrow one day, on
// another, and on paper, whatever it is printed from, both.
function useHours(): { hours: number; ask: (hours: number) => void } {
  const asked = useSignal(0), printed = useSignal(false);
  useEffect(() => {
    const paper = window.matchMedia('print'), turn = () => { printed.value = paper.matches; };
    // Drawn at once: what stands there when the event is over is printed.
    const begin = () => {
      const before = options.debounceRendering;
      options.debounceRendering = (draw) => draw();
      printed.value = true;
      if (before) options.debounceRendering = before;
      else delete options.debounceRendering;
    };
    window.addEventListener('beforeprint', begin);
    window.addEventListener('afterprint', turn);
    paper.addEventListener('change', turn);
    return () => {
      window.removeEventListener('beforeprint', begin);
      window.removeEventListener('afterprint', turn);
      paper.removeEventListener('change', turn);
    };
  }, []);
  return { hours: asked.value || (narrow.value && !printed.value ? 24 : 48), ask: (hours) => { asked.value = hours; } };
}

export function RoundTheClock({ posts, grid }: { posts: string[]; grid: string }) {
  const { hours, ask } = useHours();
  const { answer, refusal } = useAnswer<{ rows: Shift[]; next?: string }>(withQuery('/v1/views/command/shifts', { grid, sort: 'post', limit: most }), {}, [came.value, taken.value]);
  const today = health.value?.now ?? '';
  if (!answer || !today) return <Refused refusal={refusal} />;
  const now = instant(today), begin = Math.floor(now / hour) * hour - hour, end = now + hours * hour;
  const of = new Map(posts.map((one) => [one, [] as Shift[]]));
  for (const one of answer.rows) of.get(one.post)?.push(one);
  for (const all of of.values()) all.sort((a, b) => instant(a.from_at) - instant(b.from_at));
  const groups = [...new Set(posts.map(groupOf))].sort();
  const holes = posts.filter((one) => piecesOf(of.get(one) ?? [], begin, now, end, today).some((two) => two.holder === null)).length;
  return (
    <section class="round">
      <Title text={say('roster.round', { hours })}>
        <span class="second">{say('roster.round.holes', { count: numberText(holes), all: numberText(posts.length), span: say('span.hours', { hours }) })}</span>
        {[24, 48].map((one) => <button key={one} type="button" aria-pressed={hours === one} onClick={() => ask(one)}>{say('span.hours', { hours: one })}</button>)}
      </Title>
      <div class="hours">
      <Axis begin={begin} end={end} today={today} />
      {groups.map((group) => (
        <div key={group} class="group" role="group" aria-label={word('owner', group)}>
          <h3>{word('owner', group)}</h3>
          <ul class="lanes">{posts.filter((one) => groupOf(one) === group).map((one) => <Lane key={one} post={one} shifts={of.get(one) ?? []} begin={begin} now={now} end={end} today={today} />)}</ul>
        </div>
      ))}
      <div class="now-line" aria-hidden="true"><i style={{ left: `${(100 * (now - begin) / (end - begin)).toFixed(3)}%` }}><b>{today.slice(11, 16)}</b></i></div>
      </div>
    </section>
  );
}
