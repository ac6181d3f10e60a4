// Where the hours went: the spans between one milestone and the next that is known, laid end
// to end, with the longest named. Contacts are many, and stand in no row of it.
import { instant, spanText, timeText } from '../base/times';
import { health } from '../base/city';
import { say, word } from '../base/words';

export interface Spent { step: string; done_at: string | null; spent_us: number | null; spent_after: string | null }

interface Bar { step: string; after: string | null; from: number; span: number; done: string | null }

// Times that contradict one another make a span below zero: it is shown as it is, to the left.
export function barsOf(steps: Spent[]): Bar[] {
  let at = 0;
  return steps.filter((one) => one.spent_us !== null && !one.step.startsWith('contacts_p') && !one.step.startsWith('contacts_r') && !one.step.startsWith('contacts_t')).map((one) => {
    const bar = { step: one.step, after: one.spent_after, from: at, span: one.spent_us!, done: one.done_at };
    at += one.spent_us!;
    return bar;
  });
}

// Pairs of steps that were done the other way round than they stand: of each step the one
// above it that was done latest, where that was after it.
export function turnedRound(steps: Spent[]): [Bar, Bar][] {
  const bars = barsOf(steps).filter((one) => one.done !== null);
  return bars.flatMap((one, at): [Bar, Bar][] => {
    const latest = bars.slice(0, at).reduce((found: Bar | null, two) => (found && instant(found.done!) >= instant(two.done!) ? found : two), null);
    return latest && instant(latest.done!) > instant(one.done!) ? [[one, latest]] : [];
  });
}

const width = 1000;

export function Waterfall({ steps }: { steps: Spent[] }) {
  const bars = barsOf(steps);
  if (bars.length === 0) return <p>{say('outbreak.hours.none')}</p>;
  const ends = bars.flatMap((one) => [one.from, one.from + one.span]), left = Math.min(...ends), all = Math.max(1, Math.max(...ends) - left);
  const longest = Math.max(...bars.map((one) => one.span)), turned = turnedRound(steps), at = (one: Bar): string => timeText(one.done, health.value?.now.slice(0, 4));
  return (
    <>
    {turned.length > 0 && <p class="note" data-turned={turned.length}>{say('outbreak.hours.apart', { steps: turned.map(([one, before]) =>
      say('outbreak.hours.before', { step: word('clockstep', one.step), at: at(one), other: word('clockstep', before.step), other_at: at(before) })).join(say('semicolon')) })}</p>}
    {bars.some((one) => one.span < 0) && <p class="note">{say('outbreak.hours.below')}</p>}
    <table class="waterfall">
      <caption class="unseen">{say('outbreak.hours')}</caption>
      <thead><tr><th scope="col">{say('outbreak.until')}</th><th scope="col" class="number">{say('outbreak.span')}</th><th scope="col"><span class="unseen">{say('outbreak.hours')}</span></th></tr></thead>
      <tbody>{bars.map((one) => {
        const x = (Math.min(one.from, one.from + one.span) - left) / all * width, length = Math.max(3, Math.abs(one.span) / all * width);
        return (
          <tr key={one.step}>
            <th scope="row">{word('clockstep', one.step)}{one.done && <span class="soft"> {timeText(one.done, health.value?.now)}</span>}</th>
            <td class={one.span === longest ? 'number strong' : 'number'}>{one.span < 0 ? `−${spanText(-one.span / 1e6)}` : spanText(one.span / 1e6)}</td>
            <td><svg viewBox={`0 0 ${width} 20`} preserveAspectRatio="none" role="img" aria-label={say('outbreak.bar', { from: one.after ? word('clockstep', one.after) : '–', to: word('clockstep', one.step), span: spanText(Math.abs(one.span) / 1e6) })}>
              <rect class={one.span < 0 ? 'below' : one.span === longest ? 'longest' : 'span'} x={x.toFixed(1)} y="2" width={length.toFixed(1)} height="16" /></svg></td>
          </tr>
        );
      })}</tbody>
      <tfoot><tr><th scope="row">{say('outbreak.sum')}</th><td class="number strong">{spanText(bars.reduce((sum, one) => sum + one.span, 0) / 1e6)}</td><td /></tr></tfoot>
    </table>
    </>
  );
}
