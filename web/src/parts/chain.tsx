// Who infected whom, as it is recorded: a row a case under whoever it is linked to, its mark
// at the day of onset, or hollow at the day of the report where no onset is known. Nothing
// here is inferred: a case without a link begins a chain of its own.
import { addressOf } from '../base/route';
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

const width = 640, left = 12, right = 250, high = 24, top = 26, most = 60;

function Row({ node, at, x, here }: { node: Node; at: number; x: (one: Link) => number; here: boolean }) {
  const { link } = node, y = top + at * high + high / 2, px = x(link);
  const text = `${link.case_id} · ${link.onset ? say('chain.onset', { at: link.onset.slice(5, 10) }) : say('chain.reported', { at: (link.reported ?? '').slice(5, 10) })}${link.classification ? ` · ${word('classification', link.classification)}` : ''}`;
  return (
    <g class={here ? 'here' : ''}>
      <circle class={link.onset ? 'onset' : 'report'} cx={px} cy={y} r="6" />
      <a href={addressOf('case', { case: link.case_id })}><text x={px + 12} y={y + 4}>{text}</text></a>
    </g>
  );
}

export function Chain({ links, here = '' }: { links: Link[]; here?: string }) {
  const dated = links.filter((one) => when(one) !== ''), all = chainsOf(dated), rows = all.slice(0, most);
  if (rows.length === 0) return <p class="soft">{say('chain.none')}</p>;
  const days = rows.map((one) => dayOf(one.link)), first = Math.min(...days), last = Math.max(...days, first + 1), step = (width - left - right) / (last - first);
  const x = (one: Link) => left + (dayOf(one) - first) * step, height = top + rows.length * high + 4;
  const every = Math.max(1, Math.ceil((last - first) / 6)), ticks = Array.from({ length: Math.floor((last - first) / every) + 1 }, (_, at) => first + at * every);
  const beginnings = all.filter((one) => one.parent < 0).length;
  return (
    <>
      <p class="second">{say('chain.count', { cases: numberText(dated.length), linked: numberText(dated.length - beginnings), chains: numberText(beginnings) })}</p>
      <div class="scroll" role="region" aria-label={say('case.chain')} tabIndex={0}>
        <svg class="chain" viewBox={`0 0 ${width} ${height}`} role="group" aria-label={say('case.chain')}>
          {ticks.map((day) => <g key={day} class="tick"><path d={`M${(left + (day - first) * step).toFixed(1)} ${top - 4}V${height}`} />
            <text x={(left + (day - first) * step).toFixed(1)} y="14" text-anchor={day === first ? 'start' : 'middle'}>{new Date(day * 86400e3).toISOString().slice(5, 10)}</text></g>)}
          {rows.map((one, at) => one.parent >= 0 && <path key={one.link.case_id} class="link"
            d={`M${x(rows[one.parent]!.link).toFixed(1)} ${top + one.parent * high + high / 2}V${top + at * high + high / 2}H${x(one.link).toFixed(1)}`} />)}
          {rows.map((one, at) => <Row key={one.link.case_id} node={one} at={at} x={x} here={one.link.case_id === here} />)}
        </svg>
      </div>
      {all.length > rows.length && <p class="soft">{say('chain.more', { shown: rows.length, count: numberText(all.length) })}</p>}
      <p class="soft">{say('case.chain_note')}</p>
    </>
  );
}
