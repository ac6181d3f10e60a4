// A curve by time in the list of a panel, with its figures and itself as files.
import { useSignal } from '@preact/signals';
import { useMemo, useRef } from 'preact/hooks';
import { zone } from '../base/city';
import { theme } from '../base/theme';
import { numberText } from '../base/times';
import { language, say } from '../base/words';
import { Drawing } from '../charts/drawing';
import { lookOf, type Line } from '../charts/lines';
import type { Curve } from '../charts/live_curve';
import { csvOf, save } from './files';

// `note`: since when, and who saw it. Of several one is shown, and the others may be.
// `steps`: each figure is of a span that begins at its time.
export interface Live { title: string; note: string; times: number[]; lines: Line[]; steps?: boolean }

const drawing = async () => (await import('../charts/live_curve')).drawCurve;

// What the city's zone adds to a time, in seconds.
export function zoneShift(): number {
  const here = zone.value, sign = here.startsWith('-') ? -1 : 1;
  return sign * (Number(here.slice(1, 3)) * 3600 + Number(here.slice(4)) * 60);
}

export const isoOf = (seconds: number): string => `${new Date((seconds + zoneShift()) * 1000).toISOString().slice(0, 19)}${zone.value}`;

// Of each line the first figure, the highest and the last.
function textOf(live: Live): string {
  return [live.title, live.note, ...live.lines.map((one) => {
    const values = one.values.filter((value) => value !== null);
    return values.length === 0 ? '' : say('wall.curve_line', { name: one.name, first: numberText(values[0]!), most: numberText(Math.max(...values)), last: numberText(values[values.length - 1]!) });
  })].filter((one) => one !== '').join(say('wall.stop'));
}

// A canvas has no ground, and no words of what its lines are: both come into the file.
function pictureOf(canvas: HTMLCanvasElement, title: string, live: Live): HTMLCanvasElement {
  const made = document.createElement('canvas'), context = made.getContext('2d')!, scale = canvas.width / Math.max(1, canvas.clientWidth), row = 24 * scale;
  const style = getComputedStyle(document.documentElement), token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  made.width = canvas.width;
  made.height = canvas.height + row * (live.lines.length + 3);
  const write = (text: string, x: number, line: number, bold: boolean) => {
    context.font = `${bold ? 'bold ' : ''}${15 * scale}px ${token('face')}`;
    context.fillStyle = token('ink');
    context.fillText(text, x * scale, row * line);
  };
  context.fillStyle = token('bg');
  context.fillRect(0, 0, made.width, made.height);
  write(`${title} · ${live.title}`, 12, 1, true);
  write(live.note, 12, 2, false);
  live.lines.forEach((one, at) => {
    const look = lookOf(one, at), y = row * (at + 3) - 5 * scale;
    context.strokeStyle = token(look.token);
    context.lineWidth = look.width * scale;
    context.setLineDash(look.dash.map((part) => part * scale));
    context.beginPath();
    context.moveTo(12 * scale, y);
    context.lineTo(52 * scale, y);
    context.stroke();
    write(one.name, 62, at + 3, false);
  });
  context.drawImage(canvas, 0, made.height - canvas.height);
  return made;
}

export function LiveFigure({ name, title, all }: { name: string; title: string; all: Live[] }) {
  const chosen = useSignal(0), place = useRef<HTMLElement>(null), live = all[chosen.value] ?? all[0]!;
  // Other lines, words or colours are another picture; new figures are not.
  const key = [chosen.value, theme.value, language.value, live.lines.length].join(' '), shift = zoneShift();
  const curve = useMemo((): Curve => ({ times: live.times, shift, when: say('wall.when'), lines: live.lines, steps: live.steps ?? false, key }), [JSON.stringify([live.times, live.lines]), key, shift]);
  const csv = () => csvOf({ columns: [say('wall.when'), ...live.lines.map((one) => one.name)],
    rows: live.times.map((one, at) => [isoOf(one), ...live.lines.map((line) => line.values[at] ?? '')]) });
  const png = () => {
    const canvas = place.current?.querySelector('canvas');
    if (canvas) pictureOf(canvas, title, live).toBlob((blob) => { if (blob) save(`${name}-curve.png`, blob); });
  };
  return (
    <figure class="live" ref={place}>
      <figcaption>
        {all.length > 1 ? <select aria-label={say('wall.curve_of')} value={String(chosen.value)} onChange={(event) => { chosen.value = Number(event.currentTarget.value); }}>
          {all.map((one, at) => <option key={at} value={String(at)}>{one.title}</option>)}
        </select> : <b>{live.title}</b>}
        <span class="second">{live.note}</span>
        <button type="button" onClick={() => save(`${name}-curve.csv`, new Blob([csv()], { type: 'text/csv' }))}>{say('wall.curve_csv')}</button>
        <button type="button" onClick={png}>{say('wall.curve_png')}</button>
      </figcaption>
      <Drawing fetch={drawing} data={curve} text={textOf(live)} kind="trend" />
    </figure>
  );
}
