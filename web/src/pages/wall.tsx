// The wall: how far into the 24 hours, where the net is torn, who is mending it. All on
// one screen; nothing on it names anybody. The address keeps the face and the town.
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { computed } from '@preact/signals';
import { withQuery, type AsOf } from '../base/ask';
import { health, latest, may, mayRows, minute, role, today, zone } from '../base/city';
import { useAnswer } from '../base/load';
import { addressOf, filter, query } from '../base/route';
import { instant, numberText, spanText, timeText } from '../base/times';
import { inLanguage, language, say, titleOf, word, type Titled } from '../base/words';
import { later } from '../parts/later';
import { postText, SubjectLink } from '../parts/links';
import { Refused, Waiting } from '../parts/shown';
import { Cloth } from '../net/cloth_face';
import { Loom, tearText } from '../net/loom_face';
import { useLive } from '../net/live';
import { isoOf, type Live } from '../net/live_figure';
import { Line, Ring } from '../net/marks';
import { dayOf, netOf, worstOf, type Hole, type Net, type NetAnswer, type Tear, type Town } from '../net/model';
import type { MapFaceProps } from '../net/map_face';
import { placeName } from '../net/names';
import { lookForOutlines, outlinesAre } from '../net/outlines';
import { SamplingPanel } from '../net/sampling_panel';
import { TubesPanel } from '../net/tubes_panel';
import { calm, ContactsPanel, CurvePanel, ofWhole, type Answer, type Step } from '../net/outbreak_panels';
import { Panel, type List } from '../net/panel';
import { change, lineOf, note, pointsOf, type Seen } from '../net/trend';
import '../look/wall.css';

interface Kind extends Titled { kind: string }
interface Task { hole: string; subject: string | null; title_zh: string; title_en: string; turn: string | null; owner: string | null; holder: string | null; grid: string | null; state: string }

// How often what is quick to answer is asked again at most, in ms.
const quick = 250;

const holesLink = (values: Record<string, string>) => (mayRows('holes')
  ? { to: addressOf('holes', { all: 'true', ...values }), text: say('wall.to_holes') } : null);

// ---- the clock ----

const milestones = ['reported', 'first_facts', 'core_report', 'contacts_listed', 'full_report', 'contacts_reached', 'contacts_placed', 'contacts_tested'];

// Of the outbreak that began last: its own rows, which stand before those of its cases. Cases
// of which nobody said the outbreak are one only where there is no other.
function useClock(): { outbreak: string | undefined; steps: Step[]; began: number | null; asOf: AsOf | undefined; complete: boolean } {
  const on = may('clock');
  const outbreaks = useLive<Answer<Step>>(on ? '/v1/clock?step=detected_7&limit=200' : null, calm).answer;
  const newest = useMemo(() => (outbreaks?.rows ?? []).filter((one) => one.case_id === '' && one.done_at !== null)
    .sort((a, b) => Number(a.outbreak === '') - Number(b.outbreak === '') || instant(b.done_at!) - instant(a.done_at!))[0], [outbreaks]);
  const rows = useLive<Answer<Step>>(newest ? withQuery('/v1/clock', { outbreak: newest.outbreak, limit: 40 }) : null, calm).answer;
  return useMemo(() => ({
    outbreak: newest?.outbreak,
    steps: (rows?.rows ?? []).filter((one) => one.case_id === '' && one.outbreak === newest?.outbreak),
    began: newest?.done_at ? instant(newest.done_at) : null,
    asOf: rows?.as_of ?? outbreaks?.as_of,
    complete: rows?.complete ?? true,
  }), [outbreaks, newest, rows]);
}

// Nothing of it is due or will be, for what it is counted from is not known.
const isUnknown = (one: Step): boolean => one.unknown > 0 && one.in_time + one.late + one.overdue + one.pending === 0;

function ClockPanel({ clock, now }: { clock: ReturnType<typeof useClock>; now: number }) {
  const passed = clock.began === null ? null : now - clock.began, steps = milestones.map((name) => clock.steps.find((one) => one.step === name)).filter((one) => one !== undefined);
  // Where others are due or pending their figures have the columns: it is said below.
  const beside = steps.filter((one) => one.unknown > 0 && !isUnknown(one));
  const hhmm = (seconds: number) => `${Math.floor(seconds / 3600)}:${String(Math.floor(seconds / 60) % 60).padStart(2, '0')}`;
  const list = (): List => ({
    columns: ['wall.milestone', 'wall.first_done', 'wall.in_time', 'wall.done_late', 'wall.overdue', 'wall.pending', 'wall.start_unknown'].map((one) => say(one as 'wall.milestone')),
    rows: steps.map((one) => [word('step', one.step), one.done_at ? timeText(one.done_at) : '', one.in_time, one.late, one.overdue, one.pending, one.unknown]),
    link: { to: addressOf('outbreak', clock.outbreak ? { outbreak: clock.outbreak } : {}), text: say('nav.outbreak') },
  });
  return (
    <Panel name="clock" title={say('wall.clock')} asOf={clock.asOf} complete={clock.complete} list={list}
      note={[ofWhole(), clock.began !== null ? say('wall.began', { at: timeText(isoOf(clock.began), today.value) }) : ''].filter(Boolean).join(' · ')}>
      <div class="clock">
        {passed === null ? <Ring hours={-1} text="–" above="" below={clock.asOf ? say('wall.no_clock') : ''} />
          : <Ring hours={passed / 3600} text={passed < 100 * 3600 ? hhmm(passed) : say('span.days', { days: Math.floor(passed / 86400) })}
            above={passed <= 86400 ? say('wall.left', { span: hhmm(86400 - passed) }) : say('wall.past')} below={say(passed <= 86400 ? 'wall.of_24' : 'wall.gone')} />}
        <ul class="plain milestones">
          {(steps.length > 0 || !clock.asOf) && <li class="head"><span /><span /><span>{say('wall.in_time_of')}</span><span>{say('wall.pending')}</span></li>}
          {steps.map((one) => {
            const due = one.in_time + one.late + one.overdue, state = one.overdue > 0 ? 'overdue' : one.pending > 0 || due === 0 ? 'pending' : 'met';
            return (
              <li key={one.step} class={state}>
                <i aria-hidden="true" /><span>{word('step', one.step)}</span>
                {isUnknown(one) ? <span class="no-start">{say('wall.no_start', { count: numberText(one.unknown) })}</span>
                  : <><span>{due > 0 ? `${one.in_time}/${due}` : '–'}</span><span>{one.pending}</span></>}
              </li>
            );
          })}
        </ul>
        {beside.length > 0 && <p class="foot-note no-start-of">{say('wall.no_start_of', { steps: beside.map((one) => say('wall.step_count', { step: word('step', one.step), count: numberText(one.unknown) })).join(say('comma')) })}</p>}
      </div>
    </Panel>
  );
}

// ---- who mends ----

function GroupsPanel({ net, answer, seen, grid }: { net: Net; answer: NetAnswer; seen: Seen[]; grid: string }) {
  const since = seen[0] ? timeText(isoOf(seen[0].at), today.value) : '';
  const list = (): List => ({
    columns: [say('holes.owner'), say('wall.overdue'), say('wall.minutes'), say('wall.soon'), say('wall.later'), say('wall.open')],
    rows: net.groups.map((one) => [word('owner', one.owner), one.overdue, one.minutes, one.soon, one.later, one.open]),
    link: holesLink({ grid }),
  });
  const live = (): Live[] => ['', ...net.groups.map((one) => one.owner)].map((owner) => {
    const { times, values } = lineOf(seen, [`open ${owner}`, `overdue ${owner}`]);
    return { title: owner ? word('owner', owner) : say('wall.all_groups'), note: say('wall.seen_since', { at: since }), times,
      lines: [{ name: say('wall.open'), values: values[0]! }, { name: say('wall.overdue'), values: values[1]!, late: true }] };
  });
  return (
    <Panel name="groups" title={say('wall.groups')} asOf={answer.as_of} complete={answer.complete} list={list} live={live} note={since && say('wall.seen_since', { at: since })}>
      <table class="groups">
        <thead><tr><th scope="col">{say('holes.owner')}</th><th scope="col" class="number">{say('wall.overdue')}</th><th scope="col" class="number">{say('wall.open')}</th>
          <th scope="col" class="number">{say('wall.two_hours')}</th><th scope="col">{say('wall.trend')}</th><th scope="col" class="number">{say('wall.change')}</th></tr></thead>
        <tbody>{net.groups.map((one) => {
          const by = change(seen, `open ${one.owner}`);
          return (
            <tr key={one.owner}>
              <th scope="row">{word('owner', one.owner)}</th>
              <td class={one.overdue > 0 ? 'number late' : 'number gone'}>{numberText(one.overdue)}</td><td class="number strong">{numberText(one.open)}</td>
              <td class="number">{numberText(one.minutes + one.soon)}</td>
              <td><Line points={pointsOf(seen, `open ${one.owner}`)} /></td>
              <td class="number">{by === 0 ? '0' : `${by > 0 ? '▲' : '▼'}${numberText(Math.abs(by))}`}</td>
            </tr>
          );
        })}</tbody>
      </table>
      {net.groups.length === 0 && <p>{say('overview.none')}</p>}
    </Panel>
  );
}

function FirstPanel({ worst, answer, now, titles, most }: { worst: Tear[]; answer: NetAnswer; now: number; titles: Map<string, string>; most: number }) {
  const list = (): List => ({
    columns: [say('grid'), say('holes.owner'), say('holes.hole'), say('wall.overdue'), say('wall.open'), say('holes.due')],
    rows: worst.map((one) => [one.grid, word('owner', one.owner), tearText(one, titles), one.overdue, one.open, isoOf(one.due)]),
    link: holesLink({ grid: answer.grid }),
  });
  return (
    <Panel name="first" title={say('wall.first')} asOf={answer.as_of} complete={answer.complete} list={list} note={say('wall.worst_of', { shown: Math.min(most, worst.length), all: worst.length })}>
      {worst.length === 0 && <p class="soft">{say('wall.none_urgent')}</p>}
      <ol class="plain first">{worst.slice(0, most).map((one, at) => (
        <li key={`${one.grid} ${one.owner}`}><i aria-hidden="true">{at + 1}</i><b>{placeName(one.grid)}</b><span>{word('owner', one.owner)}</span>
          <span class="what">{tearText(one, titles)}</span><b class="late">{one.due <= now ? say('wall.over', { span: spanText(now - one.due) }) : say('wall.remains', { span: spanText(one.due - now) })}</b></li>
      ))}</ol>
    </Panel>
  );
}

// Only where there are tasks: the view is the command's. Null: they are not this user's.
function useLateTasks(): Answer<Task> | null {
  const views = useAnswer<{ rows: { view: string }[] }>('/v1/views', {}, []).answer;
  const on = may('read_view') && (views?.rows.some((one) => one.view === 'command/tasks') ?? false);
  return useLive<Answer<Task>>(on ? '/v1/views/command/tasks?state=overdue&sort=turn&limit=500' : null, calm).answer;
}

// How many tears find room beside so many work groups and tasks: five as a rule.
const roomFor = (groups: number, tasks: number): number => Math.max(2, 5 - Math.ceil(Math.max(0, 31 * (groups - 4) + 53 * Math.min(3, tasks) - 72) / 54));

function TasksPanel({ answer, now }: { answer: Answer<Task>; now: number }) {
  const list = (): List => ({
    columns: [say('holes.hole'), say('grid'), say('wall.post'), say('wall.holder'), say('holes.due')],
    rows: answer.rows.map((one) => [inLanguage(one.title_zh, one.title_en), one.grid ?? '', one.owner ?? '', one.holder ?? say('holes.nobody'), one.turn ?? '']),
    link: { to: addressOf('tasks', { state: 'overdue' }), text: say('wall.to_view') },
  });
  return (
    <Panel name="tasks" title={say('wall.tasks')} asOf={answer.as_of} complete={answer.complete} list={list} note={say('wall.count', { count: answer.rows.length })}>
      <ol class="plain first">{answer.rows.slice(0, 3).map((one, at) => (
        <li key={at}><i aria-hidden="true" class="small" /><b>{placeName((one.grid ?? '').slice(0, 9))}</b><span>{one.holder ?? (one.owner ? postText(one.owner) : say('holes.nobody'))}</span>
          <span class="what">{one.subject ? <SubjectLink kind={one.hole} subject={one.subject} personal={false}>{inLanguage(one.title_zh, one.title_en)}</SubjectLink> : inLanguage(one.title_zh, one.title_en)}</span><b class="late">{one.turn ? say('wall.over', { span: spanText(now - instant(one.turn)) }) : ''}</b></li>
      ))}</ol>
      {answer.rows.length === 0 && <p class="soft">{say('wall.no_tasks')}</p>}
    </Panel>
  );
}

// ---- the net ----

// The map is fetched when it is opened: it is larger than all the rest of the page.
const MapFace = later<MapFaceProps>(() => import('../net/map_face').then((one) => one.MapFace));

type Face = 'net' | 'loom' | 'map';

// A city without outlines has no map, whatever the address says.
const wanted = () => query.value.get('face');
function faceOf(): Face {
  const face = wanted();
  return face === 'loom' || (face === 'map' && outlinesAre.value === 'some') ? face : 'net';
}

// Into a face, or out of it to the cloth. Outlines may have come, or gone, since the wall
// was opened.
function turn(to: 'loom' | 'map'): void {
  if (to === 'map') void lookForOutlines();
  filter({ face: wanted() === to ? '' : to });
}

// A map that was asked for and is not there.
function NoMap() {
  const are = outlinesAre.value;
  if (wanted() !== 'map' || (are !== 'none' && are !== 'damaged')) return null;
  return <p class="no-map" role="status">{say(`wall.no_map.${are}`)}</p>;
}

// Of contacts nothing where they are not told: 0 of 0 would be a figure.
function Legend({ net, face, contacts }: { net: Net; face: Face; contacts: boolean }) {
  const all = net.all;
  return (
    <ul class="plain legend">
      {contacts && <li><i class="warp" />{say('wall.legend.warp')} <b>{numberText(all.reached)}</b>/{numberText(all.confirmed)}</li>}
      <li><i class="pick" />{say('wall.legend.pick')} <b>{numberText(all.sampled)}</b>/{numberText(all.present)}</li>
      {contacts && <li><i class="selvedge" />{say(face === 'map' ? 'wall.legend.bar' : 'wall.legend.selvedge')} <b>{numberText(all.placed)}</b>/{numberText(all.confirmed)}</li>}
      <li><i class="overdue" />{say('wall.overdue')} <b class={all.overdue > 0 ? 'late' : ''}>{numberText(all.overdue)}</b></li>
      <li><i class="minutes" />{say('wall.minutes')} <b class={all.minutes > 0 ? 'late' : ''}>{numberText(all.minutes)}</b></li>
      <li><i class="soon" />{say('wall.soon')} <b>{numberText(all.soon)}</b></li>
      <li><i class="later" />{say('wall.later')} <b>{numberText(all.later)}</b></li>
    </ul>
  );
}

const townColumns = () => [say('grid'), say('overview.present'), say('overview.sampled'), say('wall.stage.confirmed'), say('wall.stage.reached'), say('wall.stage.placed'),
  say('wall.open'), say('wall.overdue'), say('wall.minutes'), say('wall.soon')];
const townFigures = (one: Town): (string | number)[] =>
  [one.grid, one.present, one.sampled, one.confirmed, one.reached, one.placed, one.open, one.overdue, one.minutes, one.soon];

function widerFigures(holes: Hole[]): (string | number)[] {
  const sum = (some: Hole[]) => some.reduce((all, one) => all + one.count, 0);
  return [say('wall.place.unknown'), 0, 0, 0, 0, 0, sum(holes), sum(holes.filter((one) => one.urgency === 'overdue')), 0, 0];
}

function FiguresRow({ figures }: { figures: (string | number)[] }) {
  return <tr>{figures.map((one, at) => (at === 0 ? <th key={at} scope="row">{one}</th> : <td key={at}>{one}</td>))}</tr>;
}

// A town that is as it was is the same object (netOf), and its row the same row.
function TownRow({ town }: { town: Town }) {
  return useMemo(() => <FiguresRow figures={townFigures(town)} />, [town]);
}

const orders = { net: 'wall.order', loom: 'wall.loom_order', map: 'wall.map_order' } as const;

function NetPanel({ net, answer, worst, most, day, titles }: { net: Net; answer: NetAnswer; worst: Tear[]; most: number; day: ReturnType<typeof dayOf>; titles: Map<string, string> }) {
  const face = faceOf(), grid = query.value.get('grid') ?? '';
  const enter = useMemo(() => (answer.level === 'town' ? (to: string) => filter({ grid: to })
    : (to: string) => { if (mayRows('holes')) location.hash = addressOf('holes', { grid: to, all: 'true' }); }), [answer.level]);
  const list = (): List => ({
    columns: townColumns(),
    rows: [...net.towns.map(townFigures), ...(net.wider.length > 0 ? [widerFigures(net.wider)] : [])],
    link: holesLink({ grid }),
  });
  return (
    <Panel name={face} title={grid ? `${say('wall.net')} · ${placeName(grid)}` : say('wall.net')} asOf={answer.as_of} complete={answer.complete} list={list}
      note={<>{say(answer.level === 'town' ? 'wall.towns' : 'wall.villages', { count: net.towns.length })} · {say(orders[face])}</>}>
      <div class="faces">
        {grid && <button type="button" onClick={() => filter({ grid: '' })}>{say('wall.back')} <kbd>Esc</kbd></button>}
        <button type="button" aria-pressed={face === 'loom'} onClick={() => turn('loom')}>{say(face === 'loom' ? 'wall.to_cloth' : 'wall.to_loom')} <kbd>L</kbd></button>
        {outlinesAre.value === 'some' && <button type="button" aria-pressed={face === 'map'} onClick={() => turn('map')}>{say(face === 'map' ? 'wall.to_cloth' : 'wall.to_map')} <kbd>M</kbd></button>}
        {face !== 'loom' && <Legend net={net} face={face} contacts={answer.contacts !== undefined} />}
      </div>
      <NoMap />
      {face === 'loom' ? <Loom net={net} day={day} zone={zone.value} titles={titles} enter={enter} />
        : face === 'map' ? <MapFace net={net} plates={worst.slice(0, most)} grid={grid} enter={enter} leave={() => turn('map')} />
          : <Cloth net={net} plates={worst.slice(0, most)} enter={enter} />}
      <div class="unseen"><table><caption>{say('wall.net')}</caption>
        <thead><tr>{townColumns().map((one) => <th key={one} scope="col">{one}</th>)}</tr></thead>
        <tbody>
          {net.towns.map((one) => <TownRow key={one.grid} town={one} />)}
          {net.wider.length > 0 && <FiguresRow figures={widerFigures(net.wider)} />}
        </tbody>
      </table></div>
    </Panel>
  );
}

// ---- all of it ----

// Whose work tubes are, of those who see no contacts.
const samples = ['lab', 'sampler'];

function Head({ net }: { net: Net }) {
  const now = minute.value, all = net.all;
  return (
    <header class="wall-head">
      <h1>{say('nav.wall')}</h1>
      <p class="headline">
        <span><b>{numberText(all.open)}</b> {say('overview.open')}</span>
        <span class={all.overdue > 0 ? 'urgent late' : ''}><b>{numberText(all.overdue)}</b> {say('wall.overdue')}</span>
        <span class={all.minutes > 0 ? 'near' : ''}><b>{numberText(all.minutes)}</b> {say('wall.minutes')}</span>
        <span><b>{numberText(all.soon)}</b> {say('wall.soon')}</span>
      </p>
      <p class="wall-now"><span>{now.slice(0, 10)}</span> <b>{now.slice(11)}</b></p>
    </header>
  );
}

function Ticker() {
  return (
    <ul class="plain ticker" aria-label={say('wall.ticker')}>
      {latest.value.slice(0, 6).map((one, at) => <li key={at}><span>{one.received.slice(11, 19)}</span> <b>{word('fact', one.kind)}</b> <span>{one.grid ? placeName(one.grid.slice(0, 9)) : ''}</span></li>)}
      {latest.value.length === 0 && <li class="soft">{say('wall.no_news')}</li>}
    </ul>
  );
}

// The city's time in steps of five seconds: health is asked about as often, and no picture
// here moves in less.
const tick = computed(() => (health.value ? Math.floor(instant(health.value.now) / 5) * 5 : 0));

function Shown({ answer, refusal }: { answer: NetAnswer; refusal: Parameters<typeof Refused>[0]['refusal'] }) {
  const now = tick.value, before = useRef<Net | null>(null);
  const net = useMemo(() => { before.current = netOf(answer, now, before.current); return before.current; }, [answer, now]), worst = useMemo(() => worstOf(net, Infinity), [net]);
  const clock = useClock(), day = useMemo(() => dayOf(clock.began, now), [clock.began, now]), tasks = useLateTasks(), most = roomFor(net.groups.length, tasks?.rows.length ?? 0);
  const kinds = useAnswer<Answer<Kind>>('/v1/holes/kinds', {}, [language.value]).answer, speaks = language.value;
  const titles = useMemo(() => new Map((kinds?.rows ?? []).map((one) => [one.kind, titleOf(one)])), [kinds, speaks]);
  const tubes = net.kinds.get('testing/tube_no_result');
  const seen = note(answer.grid, now, { 'open ': net.all.open, 'overdue ': net.all.overdue, sampled: net.all.sampled, tubes: tubes?.open ?? 0, 'tubes late': tubes?.overdue ?? 0,
    ...Object.fromEntries(net.groups.flatMap((one) => [[`open ${one.owner}`, one.open], [`overdue ${one.owner}`, one.overdue]])) });
  // Who may not see contacts gets their room: for the tubes whoever works with samples, for
  // the net everybody else.
  // Whoever sees contacts and no clock has room beneath them, for sampling.
  const left = answer.contacts || may('clock') ? 'contacts' : samples.includes(role.value ?? '') ? 'tubes' : 'none';
  const isUnder = left === 'contacts' && !may('clock'), sampling = <SamplingPanel net={net} answer={answer} seen={seen} now={now} />;
  return (
    <div class={left === 'none' ? 'wall no-left' : 'wall'} data-as-of={answer.as_of.position}>
      <Refused refusal={refusal} />
      <Head net={net} />
      {left !== 'none' && <div class="wall-left">
        {left === 'tubes' ? <TubesPanel net={net} answer={answer} now={now} /> : <>
          {may('clock') && <ClockPanel clock={clock} now={now} />}
          <ContactsPanel answer={answer} steps={clock.steps} outbreak={clock.outbreak} />
          {may('clock') && <CurvePanel today={today.value} />}
          {isUnder && sampling}
        </>}
      </div>}
      <NetPanel net={net} answer={answer} worst={worst} most={most} day={day} titles={titles} />
      <div class="wall-right">
        <GroupsPanel net={net} answer={answer} seen={seen} grid={answer.grid} />
        {!isUnder && sampling}
        <FirstPanel worst={worst} answer={answer} now={now} titles={titles} most={most} />
        {tasks && <TasksPanel answer={tasks} now={now} />}
      </div>
      <Ticker />
    </div>
  );
}

export function Wall() {
  const { answer, refusal, waiting } = useLive<NetAnswer>(withQuery('/v1/net', { grid: query.value.get('grid') ?? '', together: 'true' }), quick);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
      if (event.key === 'l' || event.key === 'L') turn('loom');
      else if ((event.key === 'm' || event.key === 'M')) turn('map');
      else if (event.key === 'Escape' && query.value.get('grid')) filter({ grid: '' });
    };
    window.addEventListener('keydown', pressed);
    void lookForOutlines();
    return () => window.removeEventListener('keydown', pressed);
  }, []);
  if (!answer) return waiting ? <Waiting /> : <Refused refusal={refusal} />;
  return <Shown answer={answer} refusal={refusal} />;
}
