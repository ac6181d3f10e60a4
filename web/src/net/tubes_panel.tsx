// The tubes on the wall of whoever may not see contacts and works with samples: those whose
// result is due first, and whether results keep up with what is taken.
import { useMemo } from 'preact/hooks';
import { withQuery } from '../base/ask';
import { health } from '../base/city';
import { addressOf } from '../base/route';
import { instant, numberText, spanText, timeText } from '../base/times';
import { say } from '../base/words';
import { TubeLink } from '../parts/links';
import { useLive } from './live';
import { LiveFigure } from './live_figure';
import type { Net, NetAnswer } from './model';
import { placeName } from './names';
import { calm, type Answer } from './outbreak_panels';
import { Panel, type List } from './panel';
import { paceOf, slow, useViews, type Page } from './sampling_panel';
import type { Quarter } from './quarters';

interface Waiting { subject: string; grid: string; since: string | null; due_at: string | null }

const kind = 'testing/tube_no_result', shown = 10, listed = 500;

export function TubesPanel({ net, answer, now }: { net: Net; answer: NetAnswer; now: number }) {
  const { grid } = answer, isThere = useViews(), tubes = net.kinds.get(kind), late = tubes?.overdue ?? 0, soon = (tubes?.minutes ?? 0) + (tubes?.soon ?? 0);
  const first = useLive<Answer<Waiting>>(withQuery('/v1/holes', { kind, grid, all: 'true', limit: listed }), calm).answer;
  const pace = useLive<Page<Quarter>>(isThere('testing/pace') ? withQuery('/v1/views/testing/pace', { grid, sort: '-quarter', limit: 5000 }) : null, slow).answer;
  const figure = useMemo(() => (pace ? [paceOf(pace, now)] : null), [pace, Math.floor(now / 900)]);
  const rows = first?.rows ?? [], today = health.value?.now;
  const list = (): List => ({
    columns: [say('wall.tube'), say('grid'), say('wall.tube_since'), say('holes.due')],
    rows: rows.map((one) => [one.subject, one.grid, one.since ?? '', one.due_at ?? '']),
    link: { to: addressOf('holes', { kind, grid, all: 'true' }), text: say('wall.to_holes') },
  });
  return (
    <Panel name="tubes" title={say('wall.tubes_due')} asOf={first?.as_of ?? answer.as_of} complete={first?.complete ?? true} list={list} note={first ? say('wall.worst_of', { shown: Math.min(shown, rows.length), all: numberText(tubes?.open ?? rows.length) }) : ''}>
      <p class="key-line"><b class="key">{numberText(tubes?.open ?? 0)}</b><span>{say('wall.tubes')}</span>
        <span><b class={late > 0 ? 'late' : ''}>{say('wall.overdue_n', { count: numberText(late) })}</b></span><span>{say('wall.two_hours')} <b>{numberText(soon)}</b></span></p>
      {figure && <LiveFigure name="pace" title={say('wall.tubes_due')} all={figure} />}
      {first && rows.length === 0 && <p class="soft">{say('wall.no_tubes')}</p>}
      {rows.length > 0 && <table class="groups first-tubes">
        <thead><tr><th scope="col">{say('wall.tube')}</th><th scope="col">{say('grid')}</th><th scope="col">{say('wall.tube_since')}</th><th scope="col" class="number">{say('holes.due')}</th></tr></thead>
        <tbody>{rows.slice(0, shown).map((one) => {
          const left = one.due_at ? instant(one.due_at) - now : 0;
          return (
            <tr key={one.subject} data-tube>
              <th scope="row"><TubeLink tube={one.subject} /></th><td>{placeName(one.grid.slice(0, 9))}</td><td>{timeText(one.since, today)}</td>
              <td class={left <= 900 ? 'number late' : 'number'}>{left <= 0 ? say('wall.over', { span: spanText(-left) }) : say('wall.remains', { span: spanText(left) })}</td>
            </tr>
          );
        })}</tbody>
      </table>}
    </Panel>
  );
}
