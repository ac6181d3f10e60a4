// Figures by time, drawn by uPlot on a canvas. It knows nothing of the wall.
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { numberText } from '../base/times';
import { lookOf, type Line } from './lines';
import { byKeys, drawnScale, type Picture } from './drawing';

// `times` in seconds of UTC; `shift`: what the city's zone adds to them.
// `steps`: a figure is of the span from its time to the next.
export interface Curve { times: number[]; shift: number; when: string; lines: Line[]; steps: boolean; key: string }

const two = (value: number): string => String(value).padStart(2, '0');
const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

// Of a time that the shift was added to.
function clockText(seconds: number, withDay: boolean): string {
  const at = new Date(seconds * 1000), clock = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
  return withDay ? `${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())} ${clock}` : clock;
}

const increments = [1, 2, 5].flatMap((one) => [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7].map((ten) => one * ten)).sort((a, b) => a - b);

// What the cursor stands on; without one, what is now.
const said = (text: (value: number) => string): uPlot.Series.Value => (self, value, line, at) => {
  const one = at === null ? self.data[line]?.[self.data[line].length - 1] : value;
  return one === null || one === undefined ? '–' : text(one);
};

function seriesOf(line: Line, at: number, steps: boolean, scale: number): uPlot.Series {
  const look = lookOf(line, at);
  return {
    label: line.name, stroke: token(look.token), width: look.width * scale, dash: look.dash.map((part) => part * scale), value: said(numberText),
    points: { show: (self) => !steps && self.data[0].length <= 60, size: 6 * scale },
    ...(steps ? { paths: uPlot.paths.stepped!({ align: 1 }) } : {}),
  };
}

function optionsOf(curve: Curve, place: HTMLElement, scale: number): uPlot.Options {
  const font = `${Math.round(14 * scale)}px ${token('face')}`;
  const axis: uPlot.Axis = { stroke: token('ink2'), font, grid: { stroke: token('hair'), width: scale }, ticks: { stroke: token('rule'), width: scale } };
  return {
    width: place.clientWidth, height: 240 * scale, padding: [10 * scale, 12 * scale, 0, 0],
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    cursor: { drag: { x: false, y: false }, y: false, points: { size: 8 * scale } },
    legend: { markers: { dash: (_self, line) => (line > 1 ? 'dashed' : 'solid') } },
    scales: { x: { time: true }, y: { range: (_self, _least, most) => [0, Math.max(2, (most ?? 0) * 1.1)] } },
    axes: [
      { ...axis, size: 32 * scale, space: 90 * scale, values: (_self, splits) => splits.map((one, at) => clockText(one, at === 0 || one % 86400 === 0)) },
      { ...axis, size: 64 * scale, space: 40 * scale, incrs: increments, values: (_self, splits) => splits.map(numberText) },
    ],
    series: [
      { label: curve.when, value: said((time) => clockText(time, true)) },
      ...curve.lines.map((one, at) => seriesOf(one, at, curve.steps, scale)),
    ],
  };
}

const dataOf = (curve: Curve): uPlot.AlignedData => [curve.times.map((one) => one + curve.shift), ...curve.lines.map((one) => one.values)];

export function drawCurve(place: HTMLElement, tell: (text: string) => void): Picture<Curve> {
  let plot: uPlot | null = null, drawn = '', shown: Curve | null = null;
  const sizes = new ResizeObserver(() => { if (plot && place.clientWidth > 0 && place.clientWidth !== plot.width) plot.setSize({ width: place.clientWidth, height: 240 * drawnScale() }); });
  sizes.observe(place);
  const keys = byKeys(place, () => shown?.times.length ?? 0, (at) => {
    if (!plot || !shown) return;
    const time = at === null ? undefined : shown.times[at];
    plot.setCursor(time === undefined ? { left: -10, top: -10 } : { left: plot.valToPos(time + shown.shift, 'x'), top: 10 });
    tell(time === undefined || at === null ? '' : [clockText(time + shown.shift, true), ...shown.lines.map((one) => `${one.name} ${one.values[at] ?? '–'}`)].join(' '));
  });
  // The same lines get their new figures; others, or other colours, are drawn anew.
  const show = (curve: Curve, anew: boolean): void => {
    shown = curve;
    if (plot && drawn === curve.key && !anew) {
      plot.setData(dataOf(curve));
      return;
    }
    drawn = curve.key;
    plot?.destroy();
    plot = new uPlot(optionsOf(curve, place, drawnScale()), dataOf(curve), place);
  };
  // Paper has colours of its own.
  const paper = matchMedia('print'), onPaper = (): void => { if (shown) show(shown, true); };
  paper.addEventListener('change', onPaper);
  return {
    show: (curve) => show(curve, false),
    end: () => {
      sizes.disconnect();
      keys();
      paper.removeEventListener('change', onPaper);
      plot?.destroy();
    },
  };
}
