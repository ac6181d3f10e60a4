// The cloth on the page: one canvas for all towns, over each of them a button, and the
// same as a table for who does not see it. Of the towns those are drawn whose picture is
// another than the one that is there.
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { theme } from '../base/theme';
import { numberText } from '../base/times';
import { language, say } from '../base/words';
import { drawPlate, drawTown, holesACrossing, inksOf, pictureOf, pitch, weaveOf, type Inks } from './cloth';
import { layOut, type Box } from './layout';
import type { Net, Tear, Town } from './model';
import { nameOf, placeName } from './names';

const label = 24, gap = 14;

// A cell that is too narrow for three figures of a code beside its holes, as on a telephone,
// has them on two lines. It depends on the cell alone, so that no fact moves the cloth.
const narrowest = 104, line = 19;
const labelOf = (cell: Box): number => (cell.width - gap < narrowest ? label + line : label);

// The cloth of a cell: below its label, whole crossings only.
function clothOf(cell: Box): Box {
  const high = labelOf(cell);
  return { x: cell.x, y: cell.y + high, width: Math.max(pitch * 3, cell.width - gap), height: Math.max(pitch * 2, cell.height - high - gap) };
}

// Shortened to what fits.
function fitted(to: CanvasRenderingContext2D, text: string, width: number): string {
  let short = text;
  while (short.length > 1 && to.measureText(short).width > width) short = short.slice(0, -1);
  return short === text ? text : `${short.slice(0, -1)}…`;
}

function drawLabel(to: CanvasRenderingContext2D, town: Town, name: string, cell: Box, inks: Inks): void {
  const right = cell.x + cell.width - gap, alarm = town.overdue, high = labelOf(cell), two = high > label, y = cell.y + high - 7;
  to.textBaseline = 'alphabetic';
  to.textAlign = 'right';
  const face = '"Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif';
  to.font = `400 16px ${face}`;
  to.fillStyle = inks.ink;
  const open = `/${numberText(town.open)}`;
  to.fillText(open, right, y);
  const afterOpen = right - to.measureText(open).width;
  to.font = `700 16px ${face}`;
  if (alarm > 0) to.fillStyle = inks.alarm;
  to.fillText(numberText(alarm), afterOpen, y);
  const room = two ? cell.width - gap : afterOpen - to.measureText(numberText(alarm)).width - 8 - cell.x;
  to.textAlign = 'left';
  to.fillStyle = inks.ink;
  to.font = `700 16px ${face}`;
  // As much of the name as there is room for; its code where that would be a letter or two,
  // or where nothing but the code tells it from its neighbours.
  const short = fitted(to, name, room);
  to.fillText(short === name || (short.length > 2 && nameOf(town.grid)) ? short : fitted(to, town.grid.slice(-3), room), cell.x, two ? y - line : y);
}

export function useSize(element: { current: HTMLElement | null }) {
  const size = useSignal({ width: 0, height: 0 });
  useEffect(() => {
    const box = element.current;
    if (!box) return undefined;
    const measure = () => { size.value = { width: box.clientWidth, height: box.clientHeight }; };
    const watch = new ResizeObserver(measure);
    watch.observe(box);
    measure();
    return () => watch.disconnect();
  }, []);
  return size.value;
}

export function townText(town: Town, name = placeName(town.grid)): string {
  return say('wall.town', {
    name, open: town.open, overdue: town.overdue, minutes: town.minutes, present: numberText(town.present), sampled: numberText(town.sampled),
    confirmed: town.confirmed, reached: town.reached, placed: town.placed,
  });
}

// The button over a town: drawn anew only when its figures are others.
function Over({ town, cell, enter }: { town: Town; cell: Box; enter: (grid: string) => void }) {
  const text = townText(town);
  return (
    <button type="button" class="town" data-grid={town.grid} title={text} aria-label={text} onClick={() => enter(town.grid)}
      style={{ left: `${cell.x}px`, top: `${cell.y}px`, width: `${cell.width - gap}px`, height: `${cell.height - gap}px` }} />
  );
}

interface Paper { to: CanvasRenderingContext2D; scale: number; inks: Inks; drawn: Map<string, string>; sheet: string }

// The canvas, empty if its size or its inks are others than they were.
function paperOf(canvas: HTMLCanvasElement, before: Paper | null, width: number, height: number): Paper | null {
  const to = canvas.getContext('2d');
  if (!to) return null;
  const scale = Math.max(1, window.devicePixelRatio) * Number(getComputedStyle(document.documentElement).getPropertyValue('--wall-zoom') || 1);
  const inks = inksOf(canvas), sheet = [width, height, scale, ...Object.values(inks)].join();
  if (before && before.sheet === sheet && before.to === to) return before;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  to.setTransform(scale, 0, 0, scale, 0, 0);
  to.fillStyle = inks.bg;
  to.fillRect(0, 0, width, height);
  return { to, scale, inks, drawn: new Map(), sheet };
}

// Whole pixels, so that what is drawn beside it stays.
function clear({ to, scale, inks }: Paper, cell: Box): void {
  const whole = (length: number) => Math.floor(length * scale) / scale;
  to.fillStyle = inks.bg;
  to.fillRect(whole(cell.x), whole(cell.y), whole(cell.x + cell.width) - whole(cell.x), whole(cell.y + cell.height) - whole(cell.y));
}

interface Cell { town: Town; cell: Box; cloth: Box; name: string; plates: [Tear, number][] }

// Draws a town if it is not there as it should be; says whether it did.
function drawCell(paper: Paper, { town, cell, cloth, name, plates }: Cell, many: number): boolean {
  const picture = `${pictureOf(town, cloth, many)} ${name} ${town.overdue} ${town.open} ${plates.map(([tear, numeral]) => `${tear.owner} ${numeral}`).join()}`;
  if (paper.drawn.get(town.grid) === picture) return false;
  const weave = weaveOf(town, cloth, many);
  clear(paper, cell);
  drawTown(paper.to, town, cloth, weave, paper.inks);
  drawLabel(paper.to, town, name, cell, paper.inks);
  for (const [tear, numeral] of plates) drawPlate(paper.to, cloth, weave, tear.owner, numeral, paper.inks);
  paper.drawn.set(town.grid, picture);
  return true;
}

export function Cloth({ net, plates, enter }: { net: Net; plates: Tear[]; enter: (grid: string) => void }) {
  const frame = useRef<HTMLDivElement>(null), canvas = useRef<HTMLCanvasElement>(null), paper = useRef<Paper | null>(null);
  const { width, height } = useSize(frame);
  // A cell keeps its place and size until towns come or go, or a tenth of its people does.
  const shape = net.towns.map((town) => `${town.grid} ${Math.round(Math.log(Math.max(1, town.present)) * 10)}`).join();
  const cells = useMemo(() => (width > 0 ? layOut(net.towns.map((town) => town.present), width + gap, height + gap) : []), [shape, width, height]);
  const cloths = useMemo(() => cells.map(clothOf), [cells]), many = cells.length > 0 ? holesACrossing(net.towns, cloths) : 1;
  const dark = theme.value, words = language.value, names = net.towns.map((town) => placeName(town.grid));
  useEffect(() => { paper.current?.drawn.clear(); }, [cells]);
  useEffect(() => {
    if (!canvas.current || cells.length === 0 || cells.length !== net.towns.length) return;
    const began = performance.now(), sheet = paperOf(canvas.current, paper.current, width, height);
    paper.current = sheet;
    if (!sheet) return;
    let drew = false;
    net.towns.forEach((town, at) => {
      const mine = plates.map((tear, numeral): [Tear, number] => [tear, numeral + 1]).filter(([tear]) => tear.grid === town.grid);
      drew = drawCell(sheet, { town, cell: cells[at]!, cloth: cloths[at]!, name: names[at]!, plates: mine }, many) || drew;
    });
    if (drew) canvas.current.dataset.drawn = (performance.now() - began).toFixed(1); // ms: the browser's test holds it
  });
  return (
    <>
    {many > 1 && <p class="scale">{say('wall.crossing', { count: many })}</p>}
    <div class="cloth" ref={frame} data-words={words} data-theme-of={dark}>
      <canvas ref={canvas} style={{ width: `${width}px`, height: `${height}px` }} aria-hidden="true" />
      {net.towns.map((town, at) => cells[at] && <Over key={town.grid} town={town} cell={cells[at]} enter={enter} />)}
    </div>
    </>
  );
}
