// Who infected whom, as it is recorded: a row a case under whoever it is linked to, its mark
// at the day of onset, or hollow at the day of the report where no onset is known. Nothing
// here is inferred: a case without a link begins a chain of its own.
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { addressOf } from '../base/route';
import { textRoom, useRoom } from '../base/size';
import { numberText } from '../base/times';
import { say, word } from '../base/words';

export interface Link { case_id: string; linked_case: string | null; onset: string | null; reported: string | null; classification: string | null }

interface Node { link: Link; depth: number; parent: number } // the row of its parent; -1: none

const dayOf = (one: Link): number => Math.floor(Date.parse(`${(one.onset ?? one.reported ?? '').slice(0, 10)}T00:00:00Z`) / 86400e3);
const when = (one: Link): string => one.onset ?? one.reported ?? '';

// Rows in the order of chains: each case is followed by those it is linked to by. Cases that
// are linked in a ring, by a mistake, begin one each.
export function chainsOf(links: Link[]): Node[] {
  const known = new Map(links.map((one) => [one.case_id, one])), after = new Map<string, Link[]>(), rows: Node[] = [], placed = new Set<string>();
  const sorted = [...links].sort((a, b) => when(a).localeCompare(when(b)) || a.case_id.localeCompare(b.case_id));
  for (const one of sorted)
    if (one.linked_case && known.has(one.linked_case)) after.set(one.linked_case, [...(after.get(one.linked_case) ?? []), one]);
  function place(link: Link, depth: number, parent: number): void {
    if (placed.has(link.case_id)) return;
    placed.add(link.case_id);
    const row = rows.push({ link, depth, parent }) - 1;
    for (const one of after.get(link.case_id) ?? []) place(one, depth + 1, row);
  }
  for (const one of sorted) if (!one.linked_case || !known.has(one.linked_case)) place(one, 0, -1);
  for (const one of sorted) place(one, 0, -1);
  return rows;
}

// Of one case: those it came from, and those that came from it.
export function around(links: Link[], id: string): Link[] {
  const known = new Map(links.map((one) => [one.case_id, one])), kept = new Set<string>();
  for (let at: string | null = id; at && known.has(at) && !kept.has(at); at = known.get(at)!.linked_case) kept.add(at);
  for (let grew = true; grew;) {
    grew = false;
    for (const one of links)
      if (one.linked_case && !kept.has(one.case_id) && (one.linked_case === id || (kept.has(one.linked_case) && isBelow(known, one.case_id, id)))) { kept.add(one.case_id); grew = true; }
  }
  return links.filter((one) => kept.has(one.case_id));
}

function isBelow(known: Map<string, Link>, from: string, id: string): boolean {
  const seen = new Set<string>();
  for (let at: string | null | undefined = from; at && !seen.has(at); at = known.get(at)?.linked_case) {
    if (at === id) return true;
    seen.add(at);
  }
  return false;
}

// ---- which of many are drawn ----

// `hidden`: so many came after this one and are not drawn under it.
interface Drawn { node: Node; row: number; parent: number; hidden: number }
interface Choice { drawn: Drawn[]; alone: number; left: number }

const most = 60;

// How many came after each, and after those.
function belowOf(all: Node[]): number[] {
  const below = all.map(() => 0);
  for (let at = all.length - 1; at >= 0; at--) if (all[at]!.parent >= 0) below[all[at]!.parent]! += below[at]! + 1;
  return below;
}

// Up to some dozens every case has its row. Of more, cases that are linked to nobody are
// counted and not drawn; chains are drawn down to the generation that there is room for,
// the largest first, and what lies below a case is a number that opens (`open`).
export function chosenOf(all: Node[], open: Set<string>): Choice {
  const below = belowOf(all), whole = all.length <= most;
  const alone = whole ? 0 : all.filter((one, at) => one.parent < 0 && below[at] === 0).length;
  const roots = all.flatMap((one, at) => (one.parent < 0 && (whole || below[at]! > 0) ? [at] : []));
  const kept = whole ? roots : [...roots].sort((a, b) => below[b]! - below[a]!).slice(0, most), inside = new Set<number>(kept);
  all.forEach((one, at) => { if (inside.has(one.parent)) inside.add(at); });
  let depth = 0;
  const upTo = (to: number): number => all.filter((one, at) => inside.has(at) && one.depth <= to).length;
  for (const last = Math.max(...all.map((one) => one.depth)); depth < last && (whole || upTo(depth + 1) <= most);) depth++;
  const rows = new Map<number, number>(), drawn: Drawn[] = [];
  all.forEach((node, at) => {
    const parent = node.parent < 0 ? -1 : rows.get(node.parent) ?? -2;
    if (!inside.has(at) || parent === -2 || (node.depth > depth && !open.has(all[node.parent]!.link.case_id))) return;
    rows.set(at, drawn.length);
    drawn.push({ node, row: drawn.length, parent, hidden: node.depth >= depth && !open.has(node.link.case_id) ? below[at]! : 0 });
  });
  return { drawn, alone, left: roots.length - kept.length };
}

// ---- the picture ----

const high = 24, top = 26, letters = 13;

function textOf({ link }: Node, short: boolean): string {
  const at = (link.onset ?? link.reported ?? '').slice(5, 10), mark = link.onset ? say('chain.onset', { at }) : say('chain.reported', { at });
  return `${link.case_id} · ${mark}${!short && link.classification ? ` · ${word('classification', link.classification)}` : ''}`;
}

function Row({ one, x, text, here, onOpen }: { one: Drawn; x: number; text: string; here: boolean; onOpen: () => void }) {
  const { link } = one.node, y = top + one.row * high + high / 2, more = say('chain.below', { count: numberText(one.hidden) });
  return (
    <g class={here ? 'here' : ''}>
      <circle class={link.onset ? 'onset' : 'report'} cx={x.toFixed(1)} cy={y} r="6" />
      <a href={addressOf('case', { case: link.case_id })}><text x={(x + 12).toFixed(1)} y={y + 4}>{text}</text></a>
      {one.hidden > 0 && <g class="below" role="button" tabindex={0} aria-label={`${link.case_id}: ${more}`} onClick={onOpen}
        onKeyDown={(event) => { if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); onOpen(); } }}>
        <text x={(x + 20 + textRoom(text, letters)).toFixed(1)} y={y + 4}>{`＋ ${more}`}</text></g>}
    </g>
  );
}

// Days along the top, so many that their names have room.
function Ticks({ first, last, x, room, height }: { first: number; last: number; x: (day: number) => number; room: number; height: number }) {
  const every = Math.max(1, Math.ceil((last - first) / Math.max(1, Math.floor(room / 48))));
  return (
    <>{Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, at) => first + at * every).map((day) => (
      <g key={day} class="tick"><path d={`M${x(day).toFixed(1)} ${top - 4}V${height}`} />
        <text x={x(day).toFixed(1)} y="14" text-anchor={day === first ? 'start' : 'middle'}>{new Date(day * 86400e3).toISOString().slice(5, 10)}</text></g>))}</>
  );
}

function Picture({ choice, here, onOpen }: { choice: Choice; here: string; onOpen: (id: string) => void }) {
  const place = useRef<HTMLDivElement>(null), room = useRoom(place, 640), { drawn } = choice;
  const short = room < 480, texts = drawn.map((one) => textOf(one.node, short)), left = 12;
  const said = drawn.map((one, at) => textRoom(texts[at]!, letters) + (one.hidden > 0 ? textRoom(`＋ ${say('chain.below', { count: numberText(one.hidden) })}`, letters) + 12 : 0));
  // The last day stands as far from the edge as the longest text; a narrow page scrolls.
  const wide = Math.min(Math.max(room, Math.max(...said) + 130), 960), axis = wide - left - Math.max(...said) - 26;
  const days = drawn.map((one) => dayOf(one.node.link)), first = Math.min(...days), last = Math.max(...days, first + 1);
  const x = (day: number): number => left + (day - first) * axis / (last - first), height = top + drawn.length * high + 4;
  return (
    <div class="scroll" role="region" aria-label={say('case.chain')} tabIndex={0} ref={place}>
      <svg class="chain" viewBox={`0 0 ${wide} ${height}`} style={{ width: `${wide / 16}rem` }} role="group" aria-label={say('case.chain')}>
        <Ticks first={first} last={last} x={x} room={axis} height={height} />
        {drawn.map((one, at) => one.parent >= 0 && <path key={one.node.link.case_id} class="link"
          d={`M${x(days[one.parent]!).toFixed(1)} ${top + one.parent * high + high / 2}V${top + one.row * high + high / 2}H${x(days[at]!).toFixed(1)}`} />)}
        {drawn.map((one, at) => <Row key={one.node.link.case_id} one={one} x={x(days[at]!)} text={texts[at]!} here={one.node.link.case_id === here} onOpen={() => onOpen(one.node.link.case_id)} />)}
      </svg>
    </div>
  );
}

export function Chain({ links, here = '' }: { links: Link[]; here?: string }) {
  const open = useSignal<Set<string>>(new Set()), dated = links.filter((one) => when(one) !== ''), all = chainsOf(dated);
  if (all.length === 0) return <p class="soft">{say('chain.none')}</p>;
  const beginnings = all.filter((one) => one.parent < 0).length, choice = chosenOf(all, open.value), list = addressOf('views/cases/milestones');
  return (
    <>
      <p class="second">{say('chain.count', { cases: numberText(dated.length), linked: numberText(dated.length - beginnings), chains: numberText(beginnings) })}</p>
      {choice.drawn.length > 0 && <Picture choice={choice} here={here} onOpen={(id) => { open.value = new Set([...open.value, id]); }} />}
      {choice.alone > 0 && <p>{say('chain.alone', { count: numberText(choice.alone) })} <a href={list}>{say('chain.list')}</a></p>}
      {choice.left > 0 && <p>{say('chain.left', { count: numberText(choice.left) })} <a href={list}>{say('chain.list')}</a></p>}
      {links.length > dated.length && <p class="soft">{say('chain.undated', { count: numberText(links.length - dated.length) })}</p>}
      <p class="soft">{say('case.chain_note')}</p>
    </>
  );
}
