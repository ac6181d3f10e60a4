// Cases by the day of onset, drawn by ECharts: a mark a case on a scale of counts. It knows
// nothing of cases: marks, days and words are its caller's.
//
// Colours are the page's own variables, so that another theme, or paper, needs no drawing
// anew. Nothing is animated: what moves on a wall is looked at.
import { CustomChart, type CustomSeriesOption } from 'echarts/charts';
import { GridComponent, TooltipComponent, type GridComponentOption, type TooltipComponentOption } from 'echarts/components';
import { init, use, type ComposeOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { byKeys, drawnScale, type Picture } from './drawing';

use([CustomChart, GridComponent, TooltipComponent, SVGRenderer]);

// Paths in a square of one by one.
export interface Mark { name: string; edge: string; full: string; cross: string; dyed: boolean; dashed: boolean }
// A day without a label has none on the axis.
export interface Day { label: string; text: string[]; marks: Mark[]; complete: boolean }
export interface Onset { days: Day[]; each: number; top: number }

type Option = ComposeOption<CustomSeriesOption | GridComponentOption | TooltipComponentOption>;
type Render = NonNullable<CustomSeriesOption['renderItem']>;

const hatchOf = (scale: number) => ({
  svgElement: { tag: 'path', attrs: { d: `M0 0V${6 * scale}`, stroke: 'var(--edge)', 'stroke-width': scale }, children: [], key: 'hatch' },
  svgWidth: 6 * scale, svgHeight: 6 * scale, rotation: -Math.PI / 4,
}) as unknown as string;

// The path of a mark at its place: "M0 0L1 1" becomes "M40 90L52 102".
function placed(path: string, x: number, y: number, size: number): string {
  return path.replace(/(-?[\d.]+) (-?[\d.]+)/g, (_all, right: string, down: string) => `${x + Number(right) * size} ${y + Number(down) * size}`);
}

function shapesOf(mark: Mark, x: number, y: number, size: number, scale: number) {
  const line = mark.dyed ? 'var(--dyed)' : 'var(--ink)';
  const path = (d: string, style: object) => ({ type: 'path' as const, silent: true, shape: { pathData: placed(d, x, y, size) }, style });
  return [
    ...(mark.full ? [path(mark.full, { fill: 'var(--dyed)' })] : []),
    path(mark.edge, { fill: 'none', stroke: line, lineWidth: 1.6 * scale, ...(mark.dashed ? { lineDash: [2.5 * scale, 2 * scale] } : {}) }),
    ...(mark.cross ? [path(mark.cross, { fill: 'none', stroke: line, lineWidth: 1.2 * scale })] : []),
  ];
}

function renderOf(data: Onset, scale: number): Render {
  return (_params, api) => {
    const at = Number(api.value(0)), day = data.days[at]!, [middle = 0, ground = 0] = api.coord([at, 0]);
    const [wide = 0, tall = 0] = api.size!([1, data.each]) as number[], size = Math.min(wide - 4 * scale, tall - 2 * scale, 15 * scale);
    const top = api.coord([at, data.top])[1] ?? 0;
    return {
      type: 'group',
      emphasisDisabled: true, // the library cannot make a variable lighter
      children: [
        ...(day.complete ? [] : [{ type: 'rect' as const, silent: true, shape: { x: middle - wide / 2, y: top, width: wide, height: ground - top }, style: { fill: hatchOf(scale) } }]),
        ...day.marks.flatMap((mark, i) => shapesOf(mark, middle - size / 2, ground - (i + .5) * tall - size / 2, size, scale)),
      ],
    };
  };
}

// Words above the picture, so that no mark is hidden; as nodes, for the page takes no markup.
function tipOf(lines: string[]): HTMLElement {
  const all = document.createElement('div');
  lines.forEach((one, at) => all.appendChild(document.createElement(at === 0 ? 'b' : 'div')).append(one));
  return all;
}

function optionOf(data: Onset, scale: number): Option {
  const face = getComputedStyle(document.documentElement).getPropertyValue('--face'), text = { color: 'var(--ink2)', fontSize: 14 * scale, fontFamily: face };
  return {
    animation: false,
    textStyle: text,
    grid: { left: 30 * scale, right: 2 * scale, top: 10 * scale, bottom: 38 * scale, containLabel: false },
    xAxis: {
      type: 'category', data: data.days.map((one) => one.label), axisTick: { show: false }, axisLine: { lineStyle: { color: 'var(--ink2)', width: 1.5 * scale } },
      axisLabel: { ...text, lineHeight: 16 * scale, margin: 6 * scale, interval: (at: number) => data.days[at]!.label !== '' },
    },
    yAxis: {
      type: 'value', min: 0, max: data.top, interval: data.top / 3, axisLabel: { ...text, margin: 6 * scale },
      splitLine: { lineStyle: { color: 'var(--hair)', width: scale } },
    },
    tooltip: {
      trigger: 'axis', className: 'drawn-tip', backgroundColor: 'var(--void)', borderColor: 'var(--ink)', borderWidth: scale, padding: [6 * scale, 10 * scale], textStyle: { ...text, color: 'var(--ink)' },
      transitionDuration: 0, shadowBlur: 0, shadowOffsetX: 0, shadowOffsetY: 0, extraCssText: 'border-radius:0;white-space:nowrap',
      axisPointer: { type: 'shadow', shadowStyle: { color: 'var(--ink)', opacity: .12 }, animation: false },
      formatter: (params) => {
        const first = Array.isArray(params) ? params[0] : params;
        return tipOf(data.days[first?.dataIndex ?? 0]?.text ?? []);
      },
      position: (point, _params, _tip, _rect, size) => [Math.max(0, Math.min(point[0] - size.contentSize[0] / 2, Math.max(0, size.viewSize[0] - size.contentSize[0]))), -size.contentSize[1] - 4 * scale],
    },
    series: [{ type: 'custom', data: data.days.map((one, at) => [at, one.marks.length * data.each]), renderItem: renderOf(data, scale), clip: false }],
  };
}

export function drawOnset(place: HTMLElement, tell: (text: string) => void): Picture<Onset> {
  const chart = init(place, null, { renderer: 'svg' });
  let shown: Onset | null = null;
  // On paper the picture is made as wide as its place there by the page itself (wall.css).
  const draw = (data: Onset): void => {
    chart.setOption(optionOf(data, drawnScale()), { notMerge: true });
    place.querySelector('svg')?.setAttribute('viewBox', `0 0 ${chart.getWidth()} ${chart.getHeight()}`);
  };
  const sizes = new ResizeObserver(() => {
    if (matchMedia('print').matches || place.clientWidth === 0 || (place.clientWidth === chart.getWidth() && place.clientHeight === chart.getHeight())) return;
    chart.resize();
    if (shown) draw(shown);
  });
  sizes.observe(place);
  const keys = byKeys(place, () => shown?.days.length ?? 0, (at) => {
    if (at === null) chart.dispatchAction({ type: 'hideTip' });
    else chart.dispatchAction({ type: 'showTip', seriesIndex: 0, dataIndex: at });
    tell(at === null ? '' : shown?.days[at]?.text.join(' ') ?? '');
  });
  return {
    show: (data) => {
      shown = data;
      draw(data);
    },
    end: () => {
      sizes.disconnect();
      keys();
      chart.dispose();
    },
  };
}
