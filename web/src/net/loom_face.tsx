// The loom: when. A row is a work group in a town, the axis the 24 hours; cloth is woven
// up to now; a hole is there from when it opened, its loose end goes to its deadline.
import { useEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { numberText, spanText } from '../base/times';
import { say, word } from '../base/words';
import { isAlarm, mainKind, tearsOf, type Day, type Net, type Tear } from './model';
import { placeName } from './names';

const left = 196, top = 44, bottom = 8, rowLeast = 21, rowMost = 40;
// On a phone the words of a row stand above its thread, which has the whole width.
const narrowBelow = 640, narrowRow = 68;

interface Row { tear: Tear; place: string; first: boolean }

// The rows that find room: of the towns with the worst holes, their groups; the towns in
// the order of their codes, so that a row does not wander.
export function rowsOf(net: Net, most: number): { rows: Row[]; hidden: Tear[] } {
  const tears = [...net.towns.flatMap(tearsOf), ...tearsOf({ grid: '', holes: net.wider })];
  const shown = [...tears].sort((a, b) => a.due - b.due).slice(0, most);
  const order = tears.filter((one) => shown.includes(one));
  return {
    rows: order.map((tear, at) => ({ tear, place: placeName(tear.grid), first: order[at - 1]?.grid !== tear.grid })),
    hidden: tears.filter((one) => !shown.includes(one)),
  };
}

export const clockOf = (seconds: number, zone: string): string => {
  const minutes = Math.floor((seconds + offsetOf(zone)) / 60);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
};
// Of the city's own zone, as its times have it: "+08:00".
function offsetOf(time: string): number {
  const found = /([+-])(\d\d):(\d\d)$/.exec(time);
  return found ? (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 3600 + Number(found[3]) * 60) : 0;
}

function dueText(tear: Tear, now: number, zone: string): string {
  const over = now - tear.due;
  if (over >= 0) return say('wall.over', { span: spanText(over) });
  return isAlarm(tear.holes[0]!.urgency) ? say('wall.remains', { span: spanText(-over) }) : clockOf(tear.due, zone);
}

export function tearText(tear: Tear, titles: Map<string, string>): string {
  const { kind, count } = mainKind(tear);
  return `${numberText(count)} ${titles.get(kind) ?? kind}`;
}

// How wide a text of 15 px is, bold ones too; each is measured once.
const widths = new Map<string, number>();
let ruler: CanvasRenderingContext2D | null = null;

function widthOf(text: string): number {
  let width = widths.get(text);
  if (width !== undefined) return width;
  ruler ??= document.createElement('canvas').getContext('2d');
  if (!ruler) return [...text].reduce((sum, one) => sum + (one > '\u2e7f' || one === '…' ? 15 : 8.4), 0);
  ruler.font = `700 15px ${getComputedStyle(document.documentElement).getPropertyValue('--face')}`;
  width = ruler.measureText(text).width;
  if (widths.size > 2000) widths.clear();
  widths.set(text, width);
  return width;
}

// Places and words, and no moment: what is given to a thread changes when its picture does,
// and a thread that is given the same is not drawn anew.
interface Placed { tear: Tear; place: string; first: boolean; text: string; y: number; height: number; width: number; since: number; due: number; now: number; titles: Map<string, string> }

const knotOf = (due: number, now: number, width: number): number => Math.max(now + 7, Math.min(due, width - 14));

// Woven up to where it is torn, and what comes behind the tear.
function Strip({ tear, begin, from, thick, since, due, now, width }: { tear: Tear; begin: number; from: number; thick: number; since: number; due: number; now: number; width: number }) {
  const alarm = isAlarm(tear.holes[0]!.urgency), overdue = tear.overdue > 0, middle = from + thick / 2;
  const opened = Math.min(since, now - 3), knot = knotOf(due, now, width);
  return (
    <>
      <rect class="woven" x={begin} y={from} width={Math.max(0, opened - begin)} height={thick} />
      <rect class={overdue ? 'torn late' : alarm ? 'torn near' : 'torn'} x={opened} y={from - 1} width={now - opened} height={thick + 2} />
      {overdue && due > begin && <rect class="since-due" x={Math.min(due, now - 2)} y={middle - 2.5} width={Math.max(2, now - due)} height={5} />}
      {overdue ? <path class="diamond" d={`M${Math.max(begin + 6, Math.min(due, now))} ${middle - 7}l7 7l-7 7l-7 -7z`} />
        : <><path class={alarm ? 'end near' : 'end'} d={`M${now} ${middle}H${knot}`} /><circle class={alarm ? 'knot near' : 'knot'} cx={knot} cy={middle} r="4.5" /></>}
    </>
  );
}

// What does not fit ends behind a word: half a word is none. Chinese has no spaces, and is
// cut behind a letter.
export function cutTo(room: number, label: string, wide = widthOf): string {
  if (wide(label) <= room) return label;
  const pieces = label.match(/[\u2e80-\uffff]|[^\s\u2e80-\uffff]+\s*/g) ?? [];
  let shown = '';
  for (const one of pieces) {
    if (wide(`${(shown + one).trimEnd()}…`) > room) break;
    shown += one;
  }
  return /[^\d\s,]/.test(shown) ? `${shown.trimEnd()}…` : ''; // a number alone says nothing
}

function NarrowThread({ tear, place, text, y, width, since, due, now, titles }: Placed) {
  const alarm = isAlarm(tear.holes[0]!.urgency), tag = widthOf(text) + 14, of = say('wall.of_open', { count: numberText(tear.open) });
  return (
    <g data-row={`${tear.grid} ${tear.owner}`}>
      <rect class="fell-ground" x="0" y={y} width={width} height={47} />
      <path class="between" d={`M0 ${y}H${width}`} />
      <text x="0" y={y + 20}><tspan class="place">{place}</tspan><tspan dx="10">{word('owner', tear.owner)}</tspan></text>
      {alarm && <rect class="tag-ground" x={width - tag} y={y + 4} width={tag} height={20} />}
      <text class={alarm ? 'due tagged' : 'due'} x={alarm ? width - tag / 2 : width} y={y + 19.5} text-anchor={alarm ? 'middle' : 'end'}>{text}</text>
      <text class="what" x="0" y={y + 41}>{cutTo(width - widthOf(of) - 16, tearText(tear, titles))}<tspan class="of" dx="8">{of}</tspan></text>
      <Strip tear={tear} begin={0} from={y + 49} thick={12} since={since} due={due} now={now} width={width} />
    </g>
  );
}

function Thread({ tear, place, first, text, y, height, width, since, due, now, titles }: Placed) {
  const thick = Math.min(15, height - 6), from = y + (height - thick) / 2, middle = y + height / 2;
  const alarm = isAlarm(tear.holes[0]!.urgency), overdue = tear.overdue > 0, knot = knotOf(due, now, width);
  const label = tearText(tear, titles), of = say('wall.of_open', { count: numberText(tear.open) });
  const tag = alarm ? widthOf(text) + 14 : 0, said = Math.max(54, widthOf(text) + 10);
  // Behind the knot, or between now and the knot: where there is more room, and never on
  // the tear, which ends now.
  const before = !overdue && knot - now > width - knot, labelX = overdue ? now + 12 : knot + 12;
  const room = before ? knot - 12 - (now + 10) - widthOf(text) - 8 : width - labelX - (alarm ? tag + 8 : said), fits = widthOf(`${label} ${of}`) + 8 <= room;
  const shown = cutTo(room, label);
  return (
    <g data-row={`${tear.grid} ${tear.owner}`}>
      {first && <path class="between" d={`M0 ${y}H${width}`} />}
      {first && <text class="place" x="0" y={middle + 5.5}>{place}</text>}
      <text class="group" x={left - 10} y={middle + 5}>{word('owner', tear.owner)}</text>
      <Strip tear={tear} begin={left} from={from} thick={thick} since={since} due={due} now={now} width={width} />
      {alarm && <rect class="tag-ground" x={labelX} y={middle - 10} width={tag} height={20} />}
      {before ? <text class="what before" x={knot - 12} y={middle + 5.5}><tspan class="due">{text}</tspan><tspan dx="8">{shown}</tspan>{fits && <tspan class="of" dx="8">{of}</tspan>}</text> : <>
        <text class={alarm ? 'due tagged' : 'due'} x={labelX + (alarm ? 7 : 0)} y={middle + 5.5}>{text}</text>
        <text class="what" x={labelX + (alarm ? tag + 8 : said)} y={middle + 5.5}>{shown}{fits && <tspan class="of" dx="8">{of}</tspan>}</text>
      </>}
    </g>
  );
}

function Axis({ day, x, zone, height, width }: { day: Day; x: (time: number) => number; zone: string; height: number; width: number }) {
  const narrow = width < narrowBelow, step = width > 900 ? 3 : 6, hours: number[] = [];
  for (let hour = 0; hour <= (day.to - day.from) / 3600 + .01; hour += step) hours.push(hour);
  return (
    <>
      {hours.map((hour) => {
        const at = x(day.from + hour * 3600), text = `${day.rolls || narrow ? '' : `${hour} · `}${clockOf(day.from + hour * 3600, zone)}`;
        const inSight = hour === 0 || Math.abs(at - x(day.now)) > 44; // else the line of now goes through it
        return <g key={hour}><path class={hour === 24 && !day.rolls ? 'warp whole-day' : 'warp'} d={`M${at} ${top - 8}V${height}`} />
          {inSight && <text class="hour" x={at} y={top - 14} text-anchor={hour === 0 ? 'start' : at > x(day.to) - 30 ? 'end' : 'middle'}>{text}</text>}</g>;
      })}
      <path class="fell" d={`M${x(day.now)} ${top - 30}V${height}`} />
      <rect class="fell-ground" x={x(day.now) - 26} y="0" width="52" height="20" />
      <text class="now" x={x(day.now)} y="15" text-anchor="middle">{clockOf(day.now, zone)}</text>
    </>
  );
}

// Late in the day the words beside what is overdue have no room before its end: the axis
// goes on behind the 24 hours, so that there are always so many px to the right of now, as
// many as the longest words take, half of the axis at most. For words behind a deadline that
// is to come it goes on by a third of the day at most.
const roomLeast = 310, step = 900; // px; seconds, so that the axis does not move with each fact

const wordsWidth = (tear: Tear, now: number, zone: string, titles: Map<string, string>): number =>
  12 + Math.max(54, widthOf(dueText(tear, now, zone)) + 22) + widthOf(tearText(tear, titles));

function withRoom(day: Day, width: number, rows: Row[], zone: string, titles: Map<string, string>): Day {
  if (width === 0) return day;
  const end = (time: number, words: number) => day.from + step * Math.ceil((time - day.from) / Math.max(.5, 1 - words / width) / step);
  const words = rows.map(({ tear }) => ({ tear, wide: wordsWidth(tear, day.now, zone, titles) }));
  const late = words.reduce((most, { tear, wide }) => (tear.overdue > 0 ? Math.max(most, wide) : most), roomLeast), to = Math.max(day.to, end(day.now, late));
  const ahead = words.reduce((most, { tear, wide }) => (tear.overdue === 0 && tear.due - day.now <= to - tear.due ? Math.max(most, end(tear.due, wide)) : most), to);
  return { ...day, to: Math.max(to, Math.min(ahead, day.to + (day.to - day.from) / 3)) };
}

export function Loom({ net, day, zone, titles, enter }: {
  net: Net; day: Day; zone: string; titles: Map<string, string>; enter: (grid: string) => void;
}) {
  const frame = useRef<HTMLDivElement>(null), size = useSignal({ width: 840, height: 800 });
  useEffect(() => {
    const box = frame.current;
    if (!box) return undefined;
    const watch = new ResizeObserver(() => { size.value = { width: box.clientWidth, height: box.clientHeight }; });
    watch.observe(box);
    return () => watch.disconnect();
  }, []);
  const { width, height } = size.value, room = height - top - bottom - 26, narrow = width < narrowBelow, begin = narrow ? 0 : left;
  const { rows, hidden } = rowsOf(net, Math.max(3, Math.floor(room / (narrow ? narrowRow : rowLeast))));
  const tall = narrow ? narrowRow : rows.length > 0 ? Math.min(rowMost, room / rows.length) : rowMost, Row = narrow ? NarrowThread : Thread;
  // A quarter of a pixel is half a minute: what is finer is not seen.
  const axis = withRoom(day, narrow ? 0 : width - begin, rows, zone, titles), x = (time: number) => begin + Math.round(4 * Math.max(0, Math.min(1, (time - axis.from) / (axis.to - axis.from))) * (width - begin)) / 4;
  const end = top + rows.length * tall, open = hidden.reduce((sum, one) => sum + one.open, 0);
  return (
    <div class="loom" ref={frame}>
      <svg width={width} height={height} role="img" aria-label={say('wall.loom')}>
        <defs>
          <pattern id="stitches" width="12" height="8" patternUnits="userSpaceOnUse">
            <rect class="under" width="12" height="8" /><rect class="stitch" width="8" height="3" /><rect class="stitch" x="6" y="4" width="8" height="3" /><rect class="stitch" x="-6" y="4" width="8" height="3" />
          </pattern>
        </defs>
        <Axis day={axis} x={x} zone={zone} height={end} width={width - begin} />
        {rows.map(({ tear, place, first }, at) => <Row key={`${tear.grid} ${tear.owner}`} tear={tear} place={place} first={first} text={dueText(tear, day.now, zone)}
          y={top + at * tall} height={tall} width={width} since={x(tear.since)} due={x(tear.due)} now={x(day.now)} titles={titles} />)}
        {hidden.length > 0 && <text class="more" x={begin} y={end + 20}>{say('wall.more_rows', { rows: hidden.length, open: numberText(open) })}</text>}
        {rows.length === 0 && <text class="more" x={begin + 12} y={top + 30}>{say('overview.none')}</text>}
      </svg>
      {rows.map((row, at) => row.first && row.tear.grid !== '' && (
        <button key={row.tear.grid} type="button" class="town" aria-label={say('wall.enter', { name: row.place })} onClick={() => enter(row.tear.grid)}
          style={{ left: '0', top: `${top + at * tall}px`, width: `${left - 80}px`, height: `${narrow ? 44 : tall}px` }} />
      ))}
    </div>
  );
}
