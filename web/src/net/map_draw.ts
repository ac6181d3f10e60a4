// Draws the cloth of the map's pieces, their names and figures, the scale and the datum,
// over the ground that the map itself draws. Everything in px of the frame.
import { addThreads, drawHole, pitch, plateAt, plateSize, Rectangles, type Inks } from './cloth';
import { planeOf, scaleOf, tornOf, worldOf, type Area, type Feature, type Lattice, type Point, type Ring, type Torn, type View } from './ground';
import { share, type Town } from './model';
import { numberText } from '../base/times';

export interface Piece { town: Town; area: Area; name: string; lattice: Lattice | null; plates: [owner: string, numeral: number][] }
export interface Box { x: number; y: number; width: number; height: number }
export interface Frame { width: number; height: number; scale: number } // scale: px of the canvas each
export interface Scene {
  pieces: Piece[]; places: Feature[]; many: number;
  wovenAt: number; // the zoom of the lattices
  corner: string;  // the datum
  metres: (length: number) => string;
}

type To = CanvasRenderingContext2D;

const face = '"Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif';
const edge = 4; // px between a label and the frame
const bold = `700 16px ${face}`, plain = `400 16px ${face}`, small = `400 14px ${face}`;
const line = 20, bar = 6, beside = 6;

export function screenOf({ x, y }: Point, view: View, frame: Frame): Point {
  const world = worldOf(view.zoom);
  return { x: (x - view.x) * world + frame.width / 2, y: (y - view.y) * world + frame.height / 2 };
}

// ---- names ----

const figuresOf = (town: Town): [string, string] => [numberText(town.overdue), `/${numberText(town.open)}`];

// On a phone the letters are smaller, as the pieces are.
const lettersOf = (frame: { width: number }): number => (frame.width < 560 ? .8 : 1);

// What a name and its figures take; in steps, so that a digit more moves no crossing.
export function roomOf(to: To, town: Town, name: string, frame: { width: number }): { width: number; height: number } {
  to.font = bold;
  const widest = Math.max(to.measureText(name).width, to.measureText(figuresOf(town).join('')).width);
  return { width: Math.ceil(lettersOf(frame) * (widest + bar + beside) / 18) * 18, height: lettersOf(frame) * (2 * line + 2) };
}

function words(to: To, text: string, x: number, y: number, ink: string, ground: string): number {
  to.strokeStyle = ground;
  to.lineWidth = 5;
  to.lineJoin = 'round';
  to.strokeText(text, x, y);
  to.fillStyle = ink;
  to.fillText(text, x, y);
  return to.measureText(text).width;
}

function drawBar(to: To, town: Town, x: number, y: number, height: number, inks: Inks): void {
  to.fillStyle = inks.bg;
  to.fillRect(x - 2, y - 2, bar + 4, height + 4);
  to.strokeStyle = inks.faint;
  to.lineWidth = 1;
  if (town.confirmed === 0) to.setLineDash([1, 3]);
  to.strokeRect(x + .5, y + .5, bar - 1, height - 1);
  to.setLineDash([]);
  const placed = Math.round(share(town.placed, town.confirmed) * height);
  to.fillStyle = inks.ink;
  to.fillRect(x, y + height - placed, bar, placed);
}

const apart = (a: Box, b: Box): boolean => a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

// Where the figures of a piece may stand that has no room for its name: at its middle, else
// a little above, below, or to a side of it.
const steps = [[0, 0], [0, -.6], [0, .6], [-.5, 0], [.5, 0], [0, -1.1], [0, 1.1]];

// Within the frame: a figure that its edge cuts is read as another.
function within(box: Box, frame: Frame): Box {
  const clamp = (from: number, length: number, room: number) => Math.max(edge, Math.min(from, room - length - edge));
  return { ...box, x: clamp(box.x, box.width, frame.width), y: clamp(box.y, box.height, frame.height) };
}

// Where the buttons, the scale and the datum stand (map.css, drawCorners), a little wide.
function cornersOf({ width, height }: Frame): Box[] {
  const buttons = (width < 560 ? 44 : 32) + 12;
  return [{ x: width - 3 * buttons, y: 0, width: 3 * buttons, height: buttons }, { x: 0, y: height - 32, width: 140, height: 32 }, { x: width - 80, y: height - 28, width: 80, height: 28 }];
}

// Whether more than the edge of what has its middle there is within the frame.
const isSeenOf = (at: Point, width: number, height: number, frame: Frame): boolean =>
  !apart({ x: at.x - width / 2, y: at.y - height / 2, width, height }, { x: edge, y: edge, width: frame.width - 2 * edge, height: frame.height - 2 * edge });

// The name above the figures where the cloth leaves room and nothing stands there; the
// figures alone elsewhere, those of what is torn in any case. `larger`: as much as the gap
// in the cloth is, so that no blank is left that would look like a hole.
function drawLabel(to: To, piece: Piece, at: Point, wide: number, larger: number, frame: Frame, corners: Box[], taken: Box[], inks: Inks): Box | null {
  const { town, name } = piece, [overdue, open] = figuresOf(town);
  to.font = bold;
  const figures = to.measureText(overdue).width + to.measureText(open).width, named = Math.max(to.measureText(name).width, figures);
  // What would be moved by more than half of it belongs to what is out of sight; but the gap
  // that the name has in the cloth may be in sight all the same. There it stands in letters
  // that are not larger, to cover as little as can be of what is beside the gap.
  const isOut = at.x < edge || at.y < edge || at.x > frame.width - edge || at.y > frame.height - edge, size = isOut ? lettersOf(frame) : larger;
  if (isOut && !(piece.lattice?.gap && isSeenOf(at, larger * (named + bar + beside), larger * 2 * line, frame))) return null;
  const boxOf = (width: number, lines: number, [across, down]: number[]): Box => {
    const all = size * (width + bar + beside), tall = size * lines * line;
    return within({ x: at.x - all / 2 + across! * all, y: at.y - tall / 2 + down! * tall, width: all, height: tall }, frame);
  };
  const isFree = (box: Box) => taken.every((one) => apart(box, one)), whole = boxOf(named, 2, steps[0]!), hasName = (piece.lattice?.gap ?? false) && whole.width <= wide && isFree(whole);
  if (isOut && !hasName) return null;
  const isMoved = Math.abs(whole.x + whole.width / 2 - at.x) + Math.abs(whole.y + whole.height / 2 - at.y) > 1;
  const small = steps.map((one) => boxOf(figures, 1, one)), box = hasName ? whole : small.find(isFree) ?? (town.open > 0 ? small.find((one) => corners.every((other) => apart(one, other))) : undefined);
  if (!box) return null;
  const tall = box.height / size;
  to.save();
  to.translate(box.x, box.y);
  if (!hasName || isMoved) {
    to.fillStyle = inks.bg;
    to.fillRect(-2, 0, box.width + 4, box.height);
  }
  to.scale(size, size);
  drawBar(to, town, 0, 2, tall - 4, inks);
  to.textAlign = 'left';
  to.textBaseline = 'alphabetic';
  to.font = bold;
  if (hasName) words(to, name, bar + beside, line - 5, inks.ink, inks.bg);
  const after = words(to, overdue, bar + beside, tall - 5, town.overdue > 0 ? inks.alarm : inks.ink, inks.bg);
  to.font = plain;
  words(to, open, bar + beside + after, tall - 5, inks.ink, inks.bg);
  to.restore();
  return box;
}

// The numeral of a tear beside it, where it covers no name: the list has it, too.
function drawPlateBeside(to: To, cell: Box, numeral: number, taken: Box[], inks: Inks): void {
  const { x, y, width, height } = cell, size = plateSize + 4;
  const tries = [[x + width * 1.6, y - 16], [x + width * 1.6, y + height], [x - size, y - 16], [x - size, y + height], [x, y - size - 2], [x, y + height + 2]];
  const boxes = tries.map(([left, top]) => ({ x: left! - 2, y: top! - 2, width: size, height: size }));
  const free = boxes.find((one) => taken.every((other) => apart(one, other)));
  if (!free) return;
  taken.push(free);
  plateAt(to, free.x + 2, free.y + 2, numeral, inks);
}

function drawPlaces(to: To, scene: Scene, view: View, frame: Frame, taken: Box[], inks: Inks, soft: string): void {
  to.font = small;
  to.textAlign = 'left';
  to.textBaseline = 'middle';
  for (const one of scene.places) {
    if (one.geometry.type !== 'Point') continue;
    const at = screenOf(planeOf(one.geometry.coordinates[0]!, one.geometry.coordinates[1]!), view, frame), name = one.properties.name ?? '';
    const box = { x: at.x - 4, y: at.y - 9, width: to.measureText(name).width + 16, height: 18 };
    if (!taken.every((other) => apart(box, other))) continue;
    taken.push(box);
    to.fillStyle = inks.bg;
    to.fillRect(at.x - 4.5, at.y - 4.5, 9, 9);
    to.fillStyle = soft;
    to.fillRect(at.x - 3, at.y - 3, 6, 6);
    words(to, name, at.x + 8, at.y + 1, soft, inks.bg);
  }
}

// ---- the cloth ----

function drawCloth(to: To, { town, lattice }: Piece, torn: Torn, inks: Inks, from: Point): void {
  const { cells, dyed, thrown } = lattice!, threads = new Rectangles();
  const isDyed = share(town.reached, town.confirmed) * cells.length, isThrown = share(town.sampled, town.present) * cells.length;
  cells.forEach((cell, at) => {
    if (torn.holes.has(at)) return;
    addThreads(threads, (cell.column - from.x) * pitch, (cell.row - from.y) * pitch, (cell.column + cell.row) % 2 === 0,
      thrown[at]! < isThrown, dyed[at]! < isDyed, town.confirmed > 0, inks);
  });
  threads.draw(to);
  // The emptier ones first: red stays whole.
  for (const urgency of ['later', 'soon', 'minutes', 'overdue'] as const)
    for (const [at, one] of torn.holes)
      if (one === urgency) drawHole(to, (cells[at]!.column - from.x) * pitch, (cells[at]!.row - from.y) * pitch, one, inks);
}

interface Placed { at: Point; size: number } // of the cell `from`, and of a crossing, on the screen

function placed(lattice: Lattice, from: Point, view: View, frame: Frame, wovenAt: number): Placed {
  const larger = 2 ** (view.zoom - wovenAt), world = worldOf(wovenAt);
  return {
    at: {
      x: (from.x * lattice.pitch - view.x * world) * larger + frame.width / 2,
      y: (from.y * lattice.pitch - view.y * world) * larger + frame.height / 2,
    },
    size: lattice.pitch * larger,
  };
}

function isSeen({ extent }: Area, view: View, frame: Frame): boolean {
  const first = screenOf({ x: extent.left, y: extent.top }, view, frame), last = screenOf({ x: extent.right, y: extent.bottom }, view, frame);
  return last.x >= 0 && last.y >= 0 && first.x <= frame.width && first.y <= frame.height;
}

// ---- outlines that are pointed at ----

export function drawOutline(to: To, rings: Ring[], view: View, frame: Frame, ink: string): void {
  to.beginPath();
  for (const ring of rings)
    for (let i = 0; i + 1 < ring.length; i += 2) {
      const { x, y } = screenOf({ x: ring[i]!, y: ring[i + 1]! }, view, frame);
      if (i === 0) to.moveTo(x, y);
      else to.lineTo(x, y);
    }
  to.strokeStyle = ink;
  to.lineWidth = 3;
  to.stroke();
}

// ---- the corners ----

function drawCorners(to: To, scene: Scene, view: View, frame: Frame, inks: Inks, soft: string): void {
  const { metres, px } = scaleOf(view, 120), y = frame.height - 8;
  to.strokeStyle = inks.bg;
  to.lineWidth = 6;
  to.lineJoin = 'miter';
  for (const [ink, width] of [[inks.bg, 6], [inks.ink, 2]] as const) {
    to.strokeStyle = ink;
    to.lineWidth = width;
    to.beginPath();
    to.moveTo(9, y - 7);
    to.lineTo(9, y);
    to.lineTo(9 + px, y);
    to.lineTo(9 + px, y - 7);
    to.stroke();
  }
  to.font = small;
  to.textBaseline = 'alphabetic';
  to.textAlign = 'left';
  words(to, scene.metres(metres), 15, y - 6, soft, inks.bg);
  to.textAlign = 'right';
  words(to, scene.corner, frame.width - 8, y - 2, soft, inks.bg);
}

// ---- all of it ----

// Returns where the names stand: over them lie the buttons.
export function drawScene(to: To, scene: Scene, view: View, frame: Frame, inks: Inks, soft: string): Map<string, Box> {
  const labels = new Map<string, Box>(), corners = cornersOf(frame), taken: Box[] = [...corners], plates: [cell: Box, numeral: number][] = [];
  to.setTransform(1, 0, 0, 1, 0, 0);
  to.clearRect(0, 0, to.canvas.width, to.canvas.height);
  const seen = scene.pieces.filter((one) => isSeen(one.area, view, frame));
  for (const piece of seen) {
    const { lattice } = piece;
    if (!lattice) continue;
    const from = { x: lattice.cells[0]!.column, y: lattice.cells[0]!.row }, { at, size } = placed(lattice, from, view, frame, scene.wovenAt), each = size / pitch;
    const torn = tornOf(piece.town, lattice, scene.many);
    to.setTransform(frame.scale * each, 0, 0, frame.scale * each, frame.scale * at.x, frame.scale * at.y);
    drawCloth(to, piece, torn, inks, from);
    for (const [owner, numeral] of piece.plates) {
      const cell = lattice.cells[torn.centres.get(owner) ?? -1];
      if (cell) plates.push([{ x: at.x + (cell.column - from.x) * size, y: at.y + (cell.row - from.y) * size, width: size, height: size }, numeral]);
    }
  }
  to.setTransform(frame.scale, 0, 0, frame.scale, 0, 0);
  const larger = lettersOf(frame) * Math.max(1, 2 ** (view.zoom - scene.wovenAt));
  for (const piece of [...seen].sort((a, b) => b.town.overdue - a.town.overdue || b.town.open - a.town.open || (a.town.grid < b.town.grid ? -1 : 1))) {
    const { area, lattice } = piece, world = worldOf(scene.wovenAt);
    const middle = lattice ? { x: lattice.label.x / world, y: lattice.label.y / world } : { x: (area.extent.left + area.extent.right) / 2, y: (area.extent.top + area.extent.bottom) / 2 };
    const box = drawLabel(to, piece, screenOf(middle, view, frame), (area.extent.right - area.extent.left) * worldOf(view.zoom), larger, frame, corners, taken, inks);
    if (!box) continue;
    taken.push(box);
    labels.set(piece.town.grid, box);
  }
  for (const [cell, numeral] of plates) drawPlateBeside(to, cell, numeral, taken, inks);
  drawPlaces(to, scene, view, frame, taken, inks, soft);
  drawCorners(to, scene, view, frame, inks, soft);
  return labels;
}
