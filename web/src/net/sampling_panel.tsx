// Sampling on the wall: who is sampled of who is present, and how long tubes take.
import { useSignal } from '@preact/signals';
import { withQuery } from '../base/ask';
import { today } from '../base/city';
import { useAnswer } from '../base/load';
import { addressOf } from '../base/route';
import { numberText, spanText, timeText } from '../base/times';
import { say, word } from '../base/words';
import { useLive } from './live';
import { isoOf, type Live } from './live_figure';
import { Line } from './marks';
import { share, type Net, type NetAnswer } from './model';
import { placeName } from './names';
import type { Answer } from './outbreak_panels';
import { Panel, type List } from './panel';
import { quartersOf, type Quarter } from './quarters';
import { lineOf, pointsOf, type Seen } from './trend';

interface Took { step: string; done: number; median_us: number | null; p90_us: number | null; pending: number; longest_us: number | null; not_said: number }

// Of a whole day's tubes, so that a minute's news are soon enough.
export const slow = 60000;

export type Page<Row> = Answer<Row> & { next?: string };

// Of views that there are, and that are this user's.
export function useViews(): (view: string) => boolean {
  const views = useAnswer<{ rows: { view: string }[] }>('/v1/views', {}, []).answer;
  return (view) => views?.rows.some((one) => one.view === view) ?? false;
}

// By quarters of an hour, as the service knows it: it has the times of tubes, however long
// this window has been there.
export function paceOf(answer: Page<Quarter>, now: number): Live {
  const { times, taken, resulted } = quartersOf(answer.rows, now, answer.next !== undefined);
  return { title: say('wall.pace'), note: say('wall.pace_note'), times, steps: true,
    lines: [{ name: say('wall.pace_taken'), values: taken }, { name: say('wall.pace_resulted'), values: resulted }] };
}

const span = (us: number | null): string => (us === null ? '–' : spanText(us / 1e6));

function Turnaround({ steps }: { steps: Took[] }) {
  return (
    <table class="groups took">
      <thead><tr><th scope="col">{say('wall.took')}</th><th scope="col" class="number">{say('wall.median')}</th><th scope="col" class="number">{say('wall.p90')}</th>
        <th scope="col" class="number">{say('wall.took_done')}</th><th scope="col" class="number">{say('wall.took_pending')}</th></tr></thead>
      <tbody>{steps.map((one) => (
        <tr key={one.step}><th scope="row">{word('wall.took', one.step)}</th><td class="number strong">{span(one.median_us)}</td><td class="number">{span(one.p90_us)}</td>
          <td class="number">{numberText(one.done)}/{numberText(one.done + one.pending)}</td><td class="number">{numberText(one.pending)}</td></tr>
      ))}</tbody>
    </table>
  );
}

export function SamplingPanel({ net, answer, seen, now }: { net: Net; answer: NetAnswer; seen: Seen[]; now: number }) {
  const all = net.all, tubes = net.kinds.get('testing/tube_no_result'), late = tubes?.overdue ?? 0, waiting = tubes?.open ?? 0;
  const slowest = [...net.towns].filter((one) => one.missing > 0).sort((a, b) => b.missing - a.missing).slice(0, 2);
  const open = useSignal(false), isThere = useViews(), { grid } = answer;
  const steps = useLive<Page<Took>>(isThere('testing/turnaround') ? withQuery('/v1/views/testing/turnaround', { grid }) : null, slow).answer?.rows ?? null;
  const pace = useLive<Page<Quarter>>(open.value && isThere('testing/pace') ? withQuery('/v1/views/testing/pace', { grid, sort: '-quarter', limit: 5000 }) : null, slow).answer;
  const list = (): List => ({
    columns: [say('grid'), ...(['present', 'sampled', 'explained', 'missing'] as const).map((one) => say(`overview.${one}`))],
    rows: net.towns.map((one) => [one.grid, one.present, one.sampled, one.explained, one.missing]),
    link: { to: addressOf('views/testing/population', { level: answer.level }), text: say('wall.to_view') },
  });
  const live = (): Live[] => {
    const { times, values } = lineOf(seen, ['sampled', 'tubes', 'tubes late']), note = say('wall.seen_since', { at: seen[0] ? timeText(isoOf(seen[0].at), today.value) : '' });
    return [...(pace ? [paceOf(pace, now)] : []), { title: say('wall.people_sampled'), note, times, lines: [{ name: say('overview.sampled'), values: values[0]! }] },
      { title: say('wall.tubes'), note, times, lines: [{ name: say('wall.open'), values: values[1]! }, { name: say('wall.overdue'), values: values[2]!, late: true }] }];
  };
  return (
    <Panel name="sampling" title={say('wall.sampling')} asOf={answer.as_of} complete={answer.complete} list={list} live={live} onOpen={(is) => { open.value = is; }}>
      <p class="key-line"><b class="key">{numberText(all.sampled)}</b><span>/{numberText(all.present)} {say('overview.present')}</span>
        <Line points={pointsOf(seen, 'sampled')} width={140} height={34} /></p>
      <p class="key-line small"><span><b>{numberText(all.explained)}</b> {say('overview.explained')}</span><span><b>{numberText(all.missing)}</b> {say('overview.missing')}</span>
        <span>{say('wall.tubes')} <b>{numberText(waiting)}</b>, <b class={late > 0 ? 'late' : ''}>{say('wall.overdue_n', { count: numberText(late) })}</b></span></p>
      {steps && <Turnaround steps={steps} />}
      <table class="groups slowest"><tbody>{slowest.map((one) => (
        <tr key={one.grid}><th scope="row">{placeName(one.grid)}</th><td class="number">{say('wall.to_go')} <b>{numberText(one.missing)}</b></td>
          <td class="number">{numberText(one.sampled)}/{numberText(one.present)}</td><td class="number">{Math.floor(100 * share(one.sampled, one.present))}%</td></tr>
      ))}</tbody></table>
    </Panel>
  );
}
