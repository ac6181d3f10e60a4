// The cloth on the page: one canvas for all towns, over each of them a button, and the
// same as a table for who does not see it. Drawn when facts or the window change.
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { theme } from '../base/theme';
import { numberText } from '../base/times';
import { language, say } from '../base/words';
import { drawPlate, drawTown, holesACrossing, inksOf, pitch, weaveOf } from './cloth';
import { layOut, type Box } from './layout';
import type { Net, Tear, Town } from './model';
import { placeName } from './names';

const label = 24, gap = 14;

// The cloth of a cell: below its label, whole crossings only.
function clothOf(cell: Box): Box {
  return { x: cell.x, y: cell.y + label, width: Math.max(pitch * 3, cell.width - gap), height: Math.max(pitch * 2, cell.height - label - gap) };
}

// Shortened to what fits.
function fitted(to: CanvasRenderingContext2D, text: string, width: number): string {
  let short = text;
  while (short.length > 1 && to.measureText(short).width > width) short = short.slice(0, -1);
  return short === text ? text : `${short.slice(0, -1)}…`;
}

function drawLabel(to: CanvasRenderingContext2D, town: Town, cell: Box, inks: ReturnType<typeof inksOf>): void {
  const right = cell.x + cell.width - gap, alarm = town.overdue;
  to.textBaseline = 'alphabetic';
  to.textAlign = 'right';
  const face = '"Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif';
  to.font = `400 16px ${face}`;
  to.fillStyle = inks.ink;
  const open = `/${numberText(town.open)}`;
  to.fillText(open, right, cell.y + label - 7);
  const afterOpen = right - to.measureText(open).width;
  to.font = `700 16px ${face}`;
  if (alarm > 0) to.fillStyle = inks.alarm;
  to.fillText(numberText(alarm), afterOpen, cell.y + label - 7);
  const room = afterOpen - to.measureText(numberText(alarm)).width - 8 - cell.x;
  to.textAlign = 'left';
  to.fillStyle = inks.ink;
  to.font = `700 16px ${face}`;
  const name = placeName(town.grid);
  to.fillText(to.measureText(name).width <= room ? name : fitted(to, town.grid.slice(-3), room), cell.x, cell.y + label - 7);
}

function useSize(element: { current: HTMLElement | null }) {
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

export function townText(town: Town): string {
  return say('wall.town', {
    name: placeName(town.grid), open: town.open, overdue: town.overdue, minutes: town.minutes, present: numberText(town.present), sampled: numberText(town.sampled),
    confirmed: town.confirmed, reached: town.reached, placed: town.placed,
  });
}

export function Cloth({ net, plates, enter }: { net: Net; plates: Tear[]; enter: (grid: string) => void }) {
  const frame = useRef<HTMLDivElement>(null), canvas = useRef<HTMLCanvasElement>(null);
  const { width, height } = useSize(frame);
  // A cell keeps its place and size until towns come or go, or a tenth of its people does.
  const shape = net.towns.map((town) => `${town.grid} ${Math.round(Math.log(Math.max(1, town.present)) * 10)}`).join();
  const cells = useMemo(() => (width > 0 ? layOut(net.towns.map((town) => town.present), width + gap, height + gap) : []), [shape, width, height]);
  const cloths = cells.map(clothOf), many = cells.length > 0 ? holesACrossing(net.towns, cloths) : 1;
  const dark = theme.value, words = language.value;
  useEffect(() => {
    const paper = canvas.current, to = paper?.getContext('2d');
    if (!paper || !to || cells.length !== net.towns.length) return;
    const began = performance.now(), scale = Math.max(1, window.devicePixelRatio) * Number(getComputedStyle(document.documentElement).getPropertyValue('--wall-zoom') || 1);
    paper.width = Math.round(width * scale);
    paper.height = Math.round(height * scale);
    to.setTransform(scale, 0, 0, scale, 0, 0);
    const inks = inksOf(paper);
    to.fillStyle = inks.bg;
    to.fillRect(0, 0, width, height);
    net.towns.forEach((town, at) => {
      const weave = weaveOf(town, cloths[at]!, many);
      drawTown(to, town, cloths[at]!, weave, inks);
      drawLabel(to, town, cells[at]!, inks);
      plates.forEach((tear, numeral) => { if (tear.grid === town.grid) drawPlate(to, cloths[at]!, weave, tear.owner, numeral + 1, inks); });
    });
    paper.dataset.drawn = (performance.now() - began).toFixed(1); // ms: the browser's test holds it
  });
  return (
    <>
    {many > 1 && <p class="scale">{say('wall.crossing', { count: many })}</p>}
    <div class="cloth" ref={frame} data-words={words} data-theme-of={dark}>
      <canvas ref={canvas} style={{ width: `${width}px`, height: `${height}px` }} aria-hidden="true" />
      {net.towns.map((town, at) => cells[at] && (
        <button key={town.grid} type="button" class="town" data-grid={town.grid} title={townText(town)} aria-label={townText(town)} onClick={() => enter(town.grid)}
          style={{ left: `${cells[at].x}px`, top: `${cells[at].y}px`, width: `${cells[at].width - gap}px`, height: `${cells[at].height - gap}px` }} />
      ))}
    </div>
    </>
  );
}
