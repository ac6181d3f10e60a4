// Draws a town as woven cloth. Warps, from the left: dyed are the contacts who were
// reached. Picks, from below: thrown are the people who were sampled. The left edge:
// contacts who are placed. A crossing that is missing: a hole that is open.
import { around, type Box } from './layout';
import { share, tearsOf, type Town, type Urgency } from './model';

export interface Inks {
  bg: string; void: string; ink: string; weft: string; raw: string; dyed: string; alarm: string; onAlarm: string; faint: string;
}

export function inksOf(element: Element): Inks {
  const style = getComputedStyle(element), of = (name: string) => style.getPropertyValue(name).trim();
  return { bg: of('--bg'), void: of('--void'), ink: of('--ink'), weft: of('--weft'), raw: of('--raw'), dyed: of('--dyed'), alarm: of('--alarm'), onAlarm: of('--on-alarm'), faint: of('--edge') };
}

export const pitch = 9, edge = 10;

export interface Weave { columns: number; rows: number; torn: Map<number, Urgency>; centres: Map<string, number> }

const sizeOf = (box: Box) => ({
  columns: Math.max(1, Math.floor((box.width - edge) / pitch)), rows: Math.max(1, Math.floor(box.height / pitch)),
});

// How many holes one crossing stands for, in all cells alike: 1, as long as no cell would
// lose more than two fifths of its crossings.
export function holesACrossing(towns: Town[], boxes: Box[]): number {
  for (const many of [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000])
    if (towns.every((town, at) => {
      const { columns, rows } = sizeOf(boxes[at]!);
      return town.open / many <= 0.4 * columns * rows;
    })) return many;
  return 5000;
}

export function weaveOf(town: Town, box: Box, many: number): Weave {
  const { columns, rows } = sizeOf(box), torn = new Map<number, Urgency>(), centres = new Map<string, number>();
  for (const tear of tearsOf(town)) {
    const places = around(`${town.grid} ${tear.owner}`, columns, rows);
    let at = 0;
    for (const urgency of ['overdue', 'minutes', 'soon', 'later'] as const)
      for (let left = Math.ceil(tear[urgency] / many); left > 0 && at < places.length; at++) {
        const place = places[at]!;
        if (torn.has(place)) continue;
        if (!centres.has(tear.owner)) centres.set(tear.owner, place);
        torn.set(place, urgency);
        left--;
      }
  }
  return { columns, rows, torn, centres };
}

// All that the picture of a town depends on, as exact as it is drawn: while this stays, it
// is not drawn anew. Dyed and thrown in crossings, as drawThreads has them.
export function pictureOf(town: Town, box: Box, many: number): string {
  const { columns, rows } = sizeOf(box), crossings = columns * rows;
  const tears = tearsOf(town).map((one) => `${one.owner} ${Math.ceil(one.overdue / many)} ${Math.ceil(one.minutes / many)} ${Math.ceil(one.soon / many)} ${Math.ceil(one.later / many)}`);
  return [box.x, box.y, columns, rows, town.confirmed === 0, Math.ceil(share(town.reached, town.confirmed) * crossings), Math.ceil(share(town.sampled, town.present) * crossings),
    Math.round(share(town.placed, town.confirmed) * rows * pitch), ...tears].join();
}

type To = CanvasRenderingContext2D;

function drawSelvedge(to: To, town: Town, box: Box, height: number, inks: Inks): void {
  to.strokeStyle = inks.faint;
  to.lineWidth = 1;
  if (town.confirmed === 0) to.setLineDash([1, 3]);
  to.strokeRect(box.x + .5, box.y + .5, 5, height - 1);
  to.setLineDash([]);
  const placed = Math.round(share(town.placed, town.confirmed) * height);
  to.fillStyle = inks.ink;
  to.fillRect(box.x, box.y + height - placed, 6, placed);
}

// Rectangles by their ink, so that the ink is changed once for each and not for each of
// some thousand threads.
export class Rectangles {
  private readonly of = new Map<string, number[]>();

  add(ink: string, x: number, y: number, width: number, height: number): void {
    let list = this.of.get(ink);
    if (!list) this.of.set(ink, list = []);
    list.push(x, y, width, height);
  }

  draw(to: To): void {
    for (const [ink, list] of this.of) {
      to.fillStyle = ink;
      for (let i = 0; i < list.length; i += 4) to.fillRect(list[i]!, list[i + 1]!, list[i + 2]!, list[i + 3]!);
    }
  }
}

// The threads of one crossing at x, y: `over` where the warp lies over the pick. Without
// contacts there is no share of them to be dyed, and the warp is dotted.
export function addThreads(to: Rectangles, x: number, y: number, over: boolean, isThrown: boolean, isDyed: boolean, hasContacts: boolean, inks: Inks): void {
  const thick = pitch * .7, gap = (pitch - thick) / 2, warp = isDyed ? inks.dyed : inks.raw;
  if (!hasContacts) {
    if (!isThrown || over) to.add(inks.raw, x + pitch / 2 - .5, y + 2, 1, 4);
  } else if (isThrown) {
    if (over) to.add(warp, x + gap, y - .6, thick, pitch - .2);
  } else {
    const width = isDyed ? pitch * .31 : pitch * .17;
    to.add(warp, x + (pitch - width) / 2, y, width, pitch);
  }
  if (isThrown && (!over || !hasContacts)) to.add(inks.weft, x - .3, y + gap, pitch - .4, thick);
}

function drawThreads(to: To, town: Town, box: Box, weave: Weave, inks: Inks): void {
  const { columns, rows, torn } = weave, threads = new Rectangles();
  const dyed = share(town.reached, town.confirmed) * columns, thrown = share(town.sampled, town.present) * rows;
  for (let row = 0; row < rows; row++) {
    const fromBelow = rows - 1 - row, length = Math.max(0, Math.min(1, thrown - fromBelow)) * columns;
    for (let column = 0; column < columns; column++) {
      if (torn.has(row * columns + column)) continue;
      const x = box.x + edge + column * pitch, y = box.y + row * pitch;
      // Of a thread that is dyed in part the lower part is: the share is exact.
      addThreads(threads, x, y, (column + row) % 2 === 0, column < length, column + fromBelow / rows < dyed, town.confirmed > 0, inks);
    }
  }
  threads.draw(to);
}

export function drawHole(to: To, x: number, y: number, urgency: Urgency, inks: Inks): void {
  to.fillStyle = inks.void;
  to.fillRect(x - .7, y - .7, pitch + 1.4, pitch + 1.4);
  if (urgency === 'overdue') { to.fillStyle = inks.alarm; to.fillRect(x, y, pitch, pitch); }
  else if (urgency === 'minutes') { to.strokeStyle = inks.alarm; to.lineWidth = 2; to.strokeRect(x + 1.5, y + 1.5, pitch - 3, pitch - 3); }
  else if (urgency === 'later') {
    to.fillStyle = inks.faint;
    to.fillRect(x + pitch / 2 - .5, y, 1, pitch);
    to.fillRect(x, y + pitch / 2 - .5, pitch, 1);
  }
}

export function drawTown(to: To, town: Town, box: Box, weave: Weave, inks: Inks): void {
  drawSelvedge(to, town, box, weave.rows * pitch, inks);
  drawThreads(to, town, box, weave, inks);
  // The emptier ones first: red stays whole.
  for (const urgency of ['later', 'soon', 'minutes', 'overdue'] as const)
    for (const [place, one] of weave.torn)
      if (one === urgency)
        drawHole(to, box.x + edge + place % weave.columns * pitch, box.y + Math.floor(place / weave.columns) * pitch, one, inks);
}

// The numeral of one of the worst tears, which stands in the list beside the net too.
export function drawPlate(to: To, box: Box, weave: Weave, owner: string, numeral: number, inks: Inks): void {
  const place = weave.centres.get(owner);
  if (place === undefined) return;
  plateAt(to, Math.min(box.x + box.width - plateSize - 2, box.x + edge + (place % weave.columns + 1.6) * pitch),
    Math.max(box.y, box.y + (Math.floor(place / weave.columns) - 1.8) * pitch), numeral, inks);
}

export const plateSize = 20;

export function plateAt(to: To, x: number, y: number, numeral: number, inks: Inks): void {
  to.fillStyle = inks.void;
  to.fillRect(x - 2, y - 2, plateSize + 4, plateSize + 4);
  to.fillStyle = inks.alarm;
  to.fillRect(x, y, plateSize, plateSize);
  to.fillStyle = inks.onAlarm;
  to.font = '700 15px "Noto Sans CJK SC", system-ui, sans-serif';
  to.textAlign = 'center';
  to.textBaseline = 'middle';
  to.fillText(String(numeral), x + plateSize / 2, y + plateSize / 2 + 1);
}
