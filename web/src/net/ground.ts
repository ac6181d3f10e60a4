// Where the pieces of the map lie, and how each is woven: the same threads and holes as a
// cell of the cloth, within an outline. No DOM, no library of maps.
//
// The plane is that of web maps (Mercator): x and y from 0 to 1, times 512 · 2^zoom for
// pixels. A piece is woven once, at the zoom at which all of them fit the frame; nearer, it
// is the same cloth seen larger, so that a hole stays where it is.
import { pitch } from './cloth';
import { hash } from './layout';
import { tearsOf, type Town, type Urgency } from './model';

export interface Point { x: number; y: number }
export type Ring = number[]; // x, y, x, y … closed
export interface Extent { left: number; top: number; right: number; bottom: number }
export interface Area { grid: string; name: string; rings: Ring[]; extent: Extent }
export interface View { x: number; y: number; zoom: number } // its middle

export interface Feature {
  properties: { grid?: string; name?: string };
  geometry: { type: 'MultiPolygon'; coordinates: number[][][][] } | { type: 'Point'; coordinates: number[] };
}

export const worldOf = (zoom: number): number => 512 * 2 ** zoom;

export function planeOf(lon: number, lat: number): Point {
  const most = 85.051129, radians = Math.max(-most, Math.min(most, lat)) * Math.PI / 180;
  return { x: (lon + 180) / 360, y: (1 - Math.log(Math.tan(Math.PI / 4 + radians / 2)) / Math.PI) / 2 };
}

export const lonOf = (x: number): number => x * 360 - 180;
export const latOf = (y: number): number => (Math.atan(Math.exp((1 - 2 * y) * Math.PI)) * 2 - Math.PI / 2) * 180 / Math.PI;

const nowhere = (): Extent => ({ left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity });

export function extentOf(areas: { extent: Extent }[]): Extent {
  const all = nowhere();
  for (const { extent } of areas) {
    all.left = Math.min(all.left, extent.left);
    all.top = Math.min(all.top, extent.top);
    all.right = Math.max(all.right, extent.right);
    all.bottom = Math.max(all.bottom, extent.bottom);
  }
  return all;
}

export function areaOf(feature: Feature): Area | null {
  if (feature.geometry.type !== 'MultiPolygon' || !feature.properties.grid) return null;
  const extent = nowhere();
  const rings = feature.geometry.coordinates.flat().map((ring) => ring.flatMap(([lon, lat]) => {
    const { x, y } = planeOf(lon!, lat!);
    extent.left = Math.min(extent.left, x);
    extent.top = Math.min(extent.top, y);
    extent.right = Math.max(extent.right, x);
    extent.bottom = Math.max(extent.bottom, y);
    return [x, y];
  }));
  return { grid: feature.properties.grid, name: feature.properties.name ?? '', rings, extent };
}

// The view that shows all of an extent in a frame, with a margin in pixels.
export function fit(extent: Extent, width: number, height: number, margin: number): View {
  const wide = Math.max(extent.right - extent.left, 1e-9), tall = Math.max(extent.bottom - extent.top, 1e-9);
  const room = (length: number) => Math.max(40, length - 2 * margin);
  const zoom = Math.log2(Math.min(room(width) / wide, room(height) / tall) / 512);
  return { x: (extent.left + extent.right) / 2, y: (extent.top + extent.bottom) / 2, zoom: Math.max(0, Math.min(20, zoom)) };
}

// Even and odd: in a hole of a polygon one is out again.
export function contains({ rings, extent }: Area, { x, y }: Point): boolean {
  if (x < extent.left || x > extent.right || y < extent.top || y > extent.bottom) return false;
  let inside = false;
  for (const ring of rings)
    for (let i = 0; i + 3 < ring.length; i += 2) {
      const ax = ring[i]!, ay = ring[i + 1]!, bx = ring[i + 2]!, by = ring[i + 3]!;
      if (ay > y !== by > y && x < ax + (y - ay) / (by - ay) * (bx - ax)) inside = !inside;
    }
  return inside;
}

// ---- crossings of a piece ----

export interface Cell { column: number; row: number; whole: boolean } // whole: no corner of it lies outside
export interface Lattice {
  pitch: number; // px at the zoom it was woven at
  cells: Cell[];
  dyed: number[];   // the place of each among those that are dyed: from the left
  thrown: number[]; // from below
  label: Point;     // px of the world; the middle of what the name stands in
  gap: boolean;     // whether the cloth leaves room for it
}

// Where lines of a constant y meet the outline, in px: by number of the line, each sorted.
function meetings(area: Area, scale: number, step: number): Map<number, number[]> {
  const lines = new Map<number, number[]>();
  for (const ring of area.rings)
    for (let i = 0; i + 3 < ring.length; i += 2) {
      let ax = ring[i]! * scale, ay = ring[i + 1]! * scale, bx = ring[i + 2]! * scale, by = ring[i + 3]! * scale;
      if (ay > by) [ax, ay, bx, by] = [bx, by, ax, ay];
      for (let line = Math.ceil(ay / step); line * step < by; line++) {
        const found = lines.get(line), x = ax + (line * step - ay) / (by - ay) * (bx - ax);
        if (found) found.push(x);
        else lines.set(line, [x]);
      }
    }
  for (const found of lines.values()) found.sort((a, b) => a - b);
  return lines;
}

const isIn = (xs: number[] | undefined, x: number): boolean => {
  let before = 0;
  while (xs && before < xs.length && xs[before]! <= x) before++;
  return before % 2 === 1;
};

function cellsOf(area: Area, scale: number, size: number): Cell[] {
  const lines = meetings(area, scale, size / 2), cells: Cell[] = [];
  for (const [line, xs] of lines) {
    if (line % 2 === 0) continue;
    const row = (line - 1) / 2, above = lines.get(line - 1), below = lines.get(line + 1);
    for (let i = 0; i + 1 < xs.length; i += 2)
      for (let column = Math.ceil(xs[i]! / size - .5); (column + .5) * size < xs[i + 1]!; column++) {
        const left = column * size, right = left + size;
        cells.push({ column, row, whole: [above, below].every((one) => isIn(one, left) && isIn(one, right)) });
      }
  }
  return cells.sort((a, b) => a.row - b.row || a.column - b.column);
}

// Ranks of the cells by an order of them.
function ranks(cells: Cell[], order: (a: Cell, b: Cell) => number): number[] {
  const places = cells.map((_, at) => at).sort((a, b) => order(cells[a]!, cells[b]!)), found = new Array<number>(cells.length);
  places.forEach((at, rank) => { found[at] = rank; });
  return found;
}

// Where there is most room to both sides, and some above and below, for a name.
function roomiest(cells: Cell[], size: number): Point {
  const taken = new Set(cells.map((one) => `${one.column} ${one.row}`)), has = (column: number, row: number) => taken.has(`${column} ${row}`);
  const run = (one: Cell, across: number, down: number) => {
    let steps = 0;
    while (steps < 40 && has(one.column + across * (steps + 1), one.row + down * (steps + 1))) steps++;
    return steps;
  };
  const sum = cells.reduce((all, one) => ({ x: all.x + one.column, y: all.y + one.row }), { x: 0, y: 0 });
  const middle = { x: sum.x / cells.length, y: sum.y / cells.length };
  let best = cells[0]!, most = -Infinity;
  for (const one of cells) {
    const sides = Math.min(run(one, -1, 0), run(one, 1, 0)), ends = Math.min(run(one, 0, -1), run(one, 0, 1));
    const score = Math.min(sides, 2.4 * ends) - .15 * Math.hypot(one.column - middle.x, one.row - middle.y);
    if (score > most) [best, most] = [one, score];
  }
  return { x: (best.column + .5) * size, y: (best.row + .5) * size };
}

// A small piece is woven finer, to have as many crossings as its holes may need; a very
// small one as fine as can be seen at all.
const wanted = 170, finer = 7, fewest = 24, finest = 3;

// The crossings within an outline at a zoom, away from the outline, so that it is seen
// between two pieces. The name has a gap in the cloth (`width` by
// `height` px) where enough crossings are left beside it: what stands on the cloth would
// hide holes.
export function latticeOf(area: Area, zoom: number, width: number, height: number): Lattice | null {
  const scale = worldOf(zoom);
  let size = pitch, cells = cellsOf(area, scale, size);
  let whole = cells.filter((one) => one.whole);
  while ((whole.length < wanted && size > finer) || (whole.length < fewest && size > finest)) {
    cells = cellsOf(area, scale, --size);
    whole = cells.filter((one) => one.whole);
  }
  if (whole.length >= fewest) cells = whole;
  if (cells.length === 0) return null;
  const label = roomiest(cells, size);
  const isFree = (one: Cell) => Math.abs((one.column + .5) * size - label.x) > (width + size) / 2 || Math.abs((one.row + .5) * size - label.y) > (height + size) / 2;
  const free = cells.filter(isFree);
  const gap = free.length >= fewest && free.length >= cells.length * .4;
  if (gap) cells = free;
  return {
    pitch: size, cells, label, gap,
    dyed: ranks(cells, (a, b) => a.column - b.column || b.row - a.row),
    thrown: ranks(cells, (a, b) => b.row - a.row || a.column - b.column),
  };
}

// ---- holes of a piece ----

export interface Torn { holes: Map<number, Urgency>; centres: Map<string, number> } // by cell; by owner

export const crossings = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000];

// How many holes one crossing stands for, in all pieces alike, as on the cloth.
export function holesEach(pieces: { town: Town; lattice: Lattice | null }[]): number {
  return crossings.find((many) => pieces.every(({ town, lattice }) => !lattice || town.open / many <= .4 * lattice.cells.length)) ?? 5000;
}

// Cells around a place that is always the same for a name, the nearest first; those that
// are whole before those at the edge.
function around(name: string, cells: Cell[]): number[] {
  const seed = hash(name), whole = cells.map((_, at) => at).filter((at) => cells[at]!.whole), among = whole.length > 0 ? whole : cells.map((_, at) => at);
  const from = cells[among[seed % among.length]!]!;
  const far = (at: number) => Math.hypot(cells[at]!.column - from.column, cells[at]!.row - from.row)
    + (Math.imul(seed ^ at, 2654435761) >>> 24) / 255 * 1.3 + (cells[at]!.whole ? 0 : 1000);
  const found = cells.map((_, at) => ({ at, far: far(at) }));
  return found.sort((a, b) => a.far - b.far).map((one) => one.at);
}

const known = new WeakMap<Lattice, Map<string, number[]>>();

function placesOf(name: string, lattice: Lattice): number[] {
  let of = known.get(lattice);
  if (!of) known.set(lattice, of = new Map());
  let places = of.get(name);
  if (!places) of.set(name, places = around(name, lattice.cells));
  return places;
}

export function tornOf(town: Town, lattice: Lattice, many: number): Torn {
  const holes = new Map<number, Urgency>(), centres = new Map<string, number>();
  for (const tear of tearsOf(town)) {
    const places = placesOf(`${town.grid} ${tear.owner}`, lattice);
    let at = 0;
    for (const urgency of ['overdue', 'minutes', 'soon', 'later'] as const)
      for (let left = Math.ceil(tear[urgency] / many); left > 0 && at < places.length; at++) {
        const place = places[at]!;
        if (holes.has(place)) continue;
        if (!centres.has(tear.owner)) centres.set(tear.owner, place);
        holes.set(place, urgency);
        left--;
      }
  }
  return { holes, centres };
}

// ---- the scale ----

// A length that reads well, of at most so many px: in metres, and in px.
export function scaleOf(view: View, most: number): { metres: number; px: number } {
  const each = 40075016.7 * Math.cos(latOf(view.y) * Math.PI / 180) / worldOf(view.zoom), room = each * most;
  const power = 10 ** Math.floor(Math.log10(room)), metres = ([5, 2].find((one) => one * power <= room) ?? 1) * power;
  return { metres, px: metres / each };
}
