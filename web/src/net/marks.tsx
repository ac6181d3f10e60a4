// Small pictures of the wall: the ring, the funnel, the curve, a line.
import { useMemo } from 'preact/hooks';
import { numberText } from '../base/times';
import { say } from '../base/words';
import { share } from './model';

// 24 hours as 144 picks of ten minutes.
const picks = 144;

export function Ring({ hours, text, below, above }: { hours: number; text: string; below: string; above: string }) {
  const thrown = Math.min(picks, Math.max(0, hours * 6)), whole = Math.ceil(thrown);
  const ring = useMemo(() => Array.from({ length: picks }, (_, at) => (
    <path key={at} class={at < whole ? 'thrown' : 'left'} d={`M110 ${at < whole ? 8 : 14}V${at < whole ? 34 : 28}`} transform={`rotate(${(at + .5) * 360 / picks} 110 110)`} />
  )), [whole]);
  return (
    <svg class="ring" viewBox="0 0 220 220" role="img" aria-label={`${text} ${below}`}>
      {ring}
      {hours >= 0 && hours <= 24 && <path class="hand" d="M110 4V40" transform={`rotate(${thrown * 360 / picks} 110 110)`} />}
      <text class="above" x="110" y="80">{above}</text>
      <text class="big" x="110" y="126">{text}</text>
      <text class="below" x="110" y="152">{below}</text>
    </svg>
  );
}

export interface Stage { name: string; done: number; of: number; late: number | null; pending: number | null }

// Each step of the contacts' way: done of confirmed, the gap drawn as a gap.
export function FunnelRows({ stages }: { stages: Stage[] }) {
  return (
    <>
      {stages.map((one) => (
        <div class="stage" key={one.name}>
          <span class="stage-name">{one.name}</span>
          <svg viewBox="0 0 200 20" preserveAspectRatio="none" aria-hidden="true">
            <rect class="whole" x=".5" y="3.5" width="199" height="13" />
            <rect class="done" width={200 * share(one.done, one.of)} y="3" height="14" />
          </svg>
          <span class="stage-figure"><b>{numberText(one.done)}</b>/{numberText(one.of)}</span>
          <span class={one.late ? 'stage-late late' : 'stage-late'}>{one.late === null ? '' : say('wall.late_pending', { late: one.late, pending: one.pending ?? 0 })}</span>
        </div>
      ))}
    </>
  );
}

// `points` as text, "3 5 4": the same line is the same text, and is not drawn anew.
export function Line({ points: text, width = 110, height = 24 }: { points: string; width?: number; height?: number }) {
  const points = text.split(' ').map(Number), most = Math.max(1, ...points), at = (index: number) => index / Math.max(1, points.length - 1) * (width - 6) + 2;
  const y = (value: number) => height - 3 - value / most * (height - 7);
  if (points.length < 2) return <svg class="line" viewBox={`0 0 ${width} ${height}`} aria-hidden="true"><circle cx={width - 4} cy={y(points[0] ?? 0)} r="2.6" /></svg>;
  const path = points.map((value, index) => `${index === 0 ? 'M' : 'L'}${at(index).toFixed(1)} ${y(value).toFixed(1)}`).join('');
  return (
    <svg class="line" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <path class="under" d={`${path}V${height - 1}H2z`} /><path class="over" d={path} />
      <circle cx={at(points.length - 1)} cy={y(points[points.length - 1] ?? 0)} r="2.6" />
    </svg>
  );
}
