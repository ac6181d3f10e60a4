// A hole over time: woven until it opened, empty from then to now, and the loose end to
// its deadline. All rows of a page have one axis.
import { instant, spanText, timeText } from '../base/times';
import { say } from '../base/words';

export interface Axis { from: number; now: number; to: number }

const width = 220, height = 18, middle = height / 2, hour = 3600;

// From the oldest opening, a week back at most, to the last deadline, a day on at most.
export function axisOf(rows: { since: string | null; due_at: string | null }[], now: string): Axis {
  const at = instant(now);
  let from = at - 2 * hour, to = at + hour / 2;
  for (const row of rows) {
    if (row.since) from = Math.min(from, instant(row.since));
    if (row.due_at) to = Math.max(to, instant(row.due_at));
  }
  from = Math.max(from, at - 7 * 24 * hour);
  to = Math.min(to, at + 24 * hour, at + (at - from) / 2);
  const margin = (to - from) * 0.06;
  return { from: from - margin, now: at, to: to + margin };
}

export function Strip({ since, due, axis, today }: { since: string; due: string; axis: Axis; today: string }) {
  const x = (time: number) => Math.min(width - 4, Math.max(0, (time - axis.from) / (axis.to - axis.from) * width));
  const opened = x(instant(since)), now = x(axis.now), deadline = instant(due), late = deadline <= axis.now;
  const span = spanText(Math.abs(axis.now - deadline));
  const values = { since: timeText(since, today), due: timeText(due, today), span };
  const end = x(deadline);
  return (
    <svg class="strip" viewBox={`0 0 ${width} ${height}`} role="img"
      aria-label={late ? say('holes.strip.late', values) : say('holes.strip.left', values)}>
      {opened > 4 && <path class="thread" d={`M0 ${middle}H${opened.toFixed(1)}`} />}
      <rect class={late ? 'void late' : 'void'} x={opened.toFixed(1)} y="3.5" width={Math.max(2, now - opened).toFixed(1)} height="11" />
      {!late && <path class="left" d={`M${now.toFixed(1)} ${middle}H${end.toFixed(1)}`} />}
      {!late && <circle class="knot" cx={Math.max(end, now + 4).toFixed(1)} cy={middle} r="3.2" />}
      <path class="now" d={`M${now.toFixed(1)} 0V${height}`} />
      {late && <path class="diamond" d={`M${end.toFixed(1)} ${middle - 5}l5 5l-5 5l-5 -5z`} />}
    </svg>
  );
}
