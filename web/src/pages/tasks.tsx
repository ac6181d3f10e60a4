// The tasks, those that are due first: whose each is now, and the fact that closes it.
// Nothing here closes one: a post accepts it or gives it back, facts do the rest.
import { useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { ask, withQuery, type AsOf, type Refusal } from '../base/ask';
import { draftOf, keepDraft } from '../base/book';
import { came, health, heed, mayRows, session } from '../base/city';
import { saveCsv } from '../base/csv';
import { useAnswer } from '../base/load';
import { addressOf, filter, query } from '../base/route';
import { numberText, timeText } from '../base/times';
import { inLanguage, say, word } from '../base/words';
import { choicesOf } from '../list/choices';
import { useLive } from '../net/live';
import { holeOffers } from '../list/records';
import { closingText } from '../parts/closing';
import { GridLink, postText, SubjectLink } from '../parts/links';
import { GiveAgain } from '../parts/give_again';
import { Record as RecordFact } from '../parts/record';
import { AsOfText, Pager, Refused, Table, Title, Waiting, type Column } from '../parts/shown';
import { axisOf, Strip, type Axis } from '../parts/strip';
import { StateText, type TaskState as State } from '../parts/task_mark';
import { Due } from './holes';

interface Task {
  task: string; hole: string; title_zh: string | null; title_en: string | null;
  closes_zh: string | null; closes_en: string | null; state: State;
  since: string | null; due_at: string; reason: string | null;
  post: string; owner: string; owner_since: string | null; holder: string | null;
  closed_at: string | null; closed_kind: string | null; closed_by: string | null;
  subject: string | null; grid: string | null;
}
interface Page { rows: Task[]; next: string | null; as_of: AsOf; complete: boolean }

const states: State[] = ['overdue', 'returned', 'open', 'accepted', 'closed', 'unknown'];
const workers = ['commander', 'lead', 'investigator', 'grid_worker', 'sampler', 'lab', 'medic', 'regulator'];
const rowsOfPage = 100;

// What was chosen and typed to return a task stays until it is sent or given up, also where
// the list is drawn anew meanwhile. Nothing is sent by choosing.
interface Returning { reason: string; remark: string }

function ReturnForm({ task, refused, onSend, onEnd }: { task: string; refused: Refusal | null; onSend: (given: Record<string, string>) => void; onEnd: () => void }) {
  const draft = `return ${task}`, given = useSignal<Returning>(draftOf<Returning>(draft) ?? { reason: '', remark: '' });
  const change = (more: Partial<Returning>) => {
    given.value = { ...given.value, ...more };
    keepDraft(draft, given.value);
  };
  return (
    <form class="tell" onSubmit={(event) => {
      event.preventDefault();
      const remark = given.value.remark.trim();
      onSend({ reason: given.value.reason, ...(remark ? { remark } : {}) });
    }}>
      <label>{say('tasks.reason')}
        <select required value={given.value.reason} onChange={(event) => change({ reason: event.currentTarget.value })}>
          <option value="">–</option>
          {choicesOf('task.returned reason').map((one) => <option key={one} value={one}>{word('tasks.reason', one)}</option>)}
        </select></label>
      <label>{say('tasks.remark')}<input type="text" maxLength={80} autocomplete="off" value={given.value.remark} onInput={(event) => change({ remark: event.currentTarget.value })} /></label>
      <button type="submit" class="first">{say('tasks.return')}</button>
      <button type="button" onClick={() => { keepDraft(draft, undefined); onEnd(); }}>{say('tasks.not_now')}</button>
      <Refused refusal={refused} />
    </form>
  );
}

function Answer({ row }: { row: Task }) {
  const returning = useSignal(draftOf<Returning>(`return ${row.task}`) !== undefined), refusal = useSignal<Refusal | null>(null);
  if (!workers.includes(session.value?.role ?? '') || row.state === 'closed') return null;
  const send = (body: Record<string, string>) => {
    ask(`/v1/tasks/${encodeURIComponent(row.task)}`, { method: 'POST', body }).then(
      () => { keepDraft(`return ${row.task}`, undefined); refusal.value = null; returning.value = false; came.value++; },
      (why: Refusal) => { heed(why); refusal.value = why; },
    );
  };
  if (returning.value) return <ReturnForm task={row.task} refused={refusal.value} onSend={(given) => send({ answer: 'returned', ...given })} onEnd={() => { returning.value = false; refusal.value = null; }} />;
  return (
    <>
      {row.state !== 'accepted' && <button type="button" onClick={() => send({ answer: 'accepted' })}>{say('tasks.accept')}</button>}
      <GiveAgain task={row.task} post={row.owner} />
      {row.state !== 'returned' && <button type="button" onClick={() => { returning.value = true; }}>{say('tasks.return')}</button>}
      <Refused refusal={refusal.value} />
    </>
  );
}

function Owner({ row, now }: { row: Task; now: string }) {
  return (
    <>
      <span class="strong">{postText(row.owner)}</span>
      {' '}{row.holder ? <span class="second">{row.holder}</span> : <span class="soft">{say('tasks.no_holder')}</span>}
      {row.owner !== row.post && <span class="second">{' · '}{say('tasks.raised', { at: timeText(row.owner_since, now).replace('-', '\u2011').replace(' ', '\u00a0'), post: postText(row.post) })}</span>}
    </>
  );
}

function columnsOf(axis: Axis, now: string): Column<Task>[] {
  return [
    { name: 'due', title: say('holes.due'), show: (row) => (row.state === 'closed' ? <span class="soft">{timeText(row.due_at, now)}</span> : <Due due={row.due_at} now={now} />) },
    { name: 'state', title: say('tasks.state'), show: (row) => <>
      <StateText state={row.state} />
      {row.state === 'returned' && row.reason && <span class="second">{' · '}{word('tasks.reason', row.reason)}</span>}
    </> },
    { name: 'hole', title: say('holes.hole'), show: (row) => <>
      <span class="strong">{inLanguage(row.title_zh ?? row.hole, row.title_en ?? row.hole)}</span>
      {row.subject && <span class="second"> <SubjectLink kind={row.hole} subject={row.subject} personal={false} /></span>}
    </> },
    { name: 'grid', title: say('holes.place'), show: (row) => (row.grid ? <GridLink grid={row.grid} named={false} /> : '–') },
    { name: 'strip', title: say('holes.strip'), show: (row) => row.since && <Strip since={row.since} due={row.due_at} axis={axis} today={now} /> },
    { name: 'owner', title: say('tasks.owner'), show: (row) => <Owner row={row} now={now} /> },
    { name: 'closes', title: say('holes.closes'), show: (row) => (row.closed_at
      ? <>{say('tasks.closed_by', { kind: word('fact', row.closed_kind ?? ''), at: timeText(row.closed_at, now) })}</>
      : <><span class="second">{closingText(inLanguage(row.closes_zh ?? '', row.closes_en ?? ''))}</span>{row.subject && <RecordFact small offers={holeOffers(row.hole, row.subject)} />}</>) },
    { name: 'answer', title: say('tasks.answer'), show: (row) => <Answer row={row} /> },
  ];
}

function Filters() {
  const now = query.value;
  return (
    <form class="filters" onSubmit={(event) => {
      event.preventDefault();
      const given = new FormData(event.currentTarget);
      filter({ grid: String(given.get('grid') ?? '').trim(), owner: String(given.get('owner') ?? '').trim(), after: '' });
    }}>
      <label>{say('tasks.state')}
        <select data-filter value={now.get('state') ?? ''} onChange={(event) => filter({ state: event.currentTarget.value, after: '' })}>
          <option value="">{say('all')}</option>
          {states.map((one) => <option key={one} value={one}>{word('tasks.state', one)}</option>)}
        </select>
      </label>
      <label>{say('grid')}<input name="grid" inputMode="numeric" maxLength={31} defaultValue={now.get('grid') ?? ''} key={`g${now.get('grid') ?? ''}`} /></label>
      <label>{say('tasks.owner')}<input name="owner" maxLength={128} defaultValue={now.get('owner') ?? ''} key={`o${now.get('owner') ?? ''}`} /></label>
      <button type="submit">{say('apply')}</button>
      <button type="button" onClick={() => filter({ state: '', hole: '', grid: '', owner: '', task: '', after: '' })}>{say('clear')}</button>
    </form>
  );
}

// ---- how many there are ----

// No page of the list knows it of itself, and no list of them all has room: the service
// counts those of the grid and the post, however many there are.
const seldom = 5000; // ms

type Counts = Record<State, number> & { hole: string; title_zh: string | null; title_en: string | null; tasks: number };
interface Sum { hole: string; title: string; open: number; late: number; closed: number; states: Record<State, number> }

function sumsOf(rows: Counts[]): Sum[] {
  return rows.map((one) => ({ hole: one.hole, title: inLanguage(one.title_zh ?? one.hole, one.title_en ?? one.hole), open: one.tasks - one.closed, late: one.overdue, closed: one.closed, states: one }))
    .sort((a, b) => b.late - a.late || b.open - a.open || (a.hole < b.hole ? -1 : 1));
}

// What was counted stays until the next is, and is of nothing else that is asked.
function useCounted(grid: string, owner: string): Counts[] | null {
  const last = useRef<{ of: string; rows: Counts[] } | null>(null), of = JSON.stringify([grid, owner]);
  const asked = useLive<{ rows: Counts[] }>(withQuery('/v1/views/command/task_counts', { grid, owner, limit: 500 }), seldom).answer;
  if (asked) last.current = { of, rows: asked.rows };
  return asked?.rows ?? (last.current?.of === of ? last.current.rows : null);
}

const total = (sums: Sum[], name: 'open' | 'late' | 'closed'): number => sums.reduce((all, one) => all + one[name], 0);
// Of the state that is chosen, else all.
const listed = (sums: Sum[], state: string): number => sums.reduce((all, one) => all + (states.includes(state as State) ? one.states[state as State] : one.open + one.closed), 0);

function Counted({ sums, chosen, state }: { sums: Sum[]; chosen: string; state: string }) {
  const open = sums.filter((one) => one.open > 0 || one.hole === chosen), of = chosen ? sums.filter((one) => one.hole === chosen) : sums;
  const late = total(of, 'late');
  if (sums.length === 0) return null;
  return (
    <>
      {open.length > 0 && <ul class="kinds" aria-label={say('tasks.kinds')}>
        {open.map((one) => (
          <li key={one.hole}><button type="button" aria-pressed={one.hole === chosen} onClick={() => filter({ hole: one.hole === chosen ? '' : one.hole, after: '' })}>
            {one.title}
            <span class="whole"><b class={one.late > 0 ? 'late' : 'gone'}>{one.late > 0 && <span aria-hidden="true">◆ </span>}{numberText(one.late)}</b>/{numberText(one.open)}</span></button></li>
        ))}
        <li class="soft">{say('tasks.kinds.read')}</li>
      </ul>}
      <p class="figures"><span class="second">{say('tasks.all_of', { count: numberText(total(of, 'open')), late: late > 0 ? say('tasks.all_late', { count: numberText(late) }) : '', closed: numberText(total(of, 'closed')) })}</span>
        {state && <span class="second">{say('tasks.of_state', { state: word('tasks.state', state), count: numberText(listed(of, state)) })}</span>}</p>
    </>
  );
}

export function TasksPage() {
  const tokens = useSignal<string[]>([]), asked = query.value, now = health.value?.now ?? '';
  const given = { state: asked.get('state') ?? '', hole: asked.get('hole') ?? '', grid: asked.get('grid') ?? '', owner: asked.get('owner') ?? '', task: asked.get('task') ?? '' };
  const kept = useSignal('');
  if (kept.peek() !== JSON.stringify(given)) {
    kept.value = JSON.stringify(given);
    tokens.value = [];
  }
  const address = withQuery('/v1/views/command/tasks', { ...given, limit: rowsOfPage, after: tokens.value[tokens.value.length - 1] ?? '' });
  const { answer, refusal, waiting } = useAnswer<Page>(address, {}, [came.value]);
  const next = answer?.next, counted = useCounted(given.grid, given.owner), sums = counted ? sumsOf(counted) : null;
  const from = tokens.value.length * rowsOfPage, all = sums ? listed(given.hole ? sums.filter((one) => one.hole === given.hole) : sums, given.state) : 0;
  return (
    <section>
      <Title level={1} text={say('tasks.title')}>
        <AsOfText of={answer?.as_of} complete={answer?.complete} />
        <button type="button" onClick={() => window.print()}>{say('print')}</button>
        {answer && <button type="button" onClick={() => { void saveCsv(address, 'tasks.csv', {}); }}>{say('csv')}</button>}
      </Title>
      <p class="note">{say('tasks.note')}</p>
      <Filters />
      {given.task && <p class="note">{say('tasks.one', { task: given.task })}{' '}<button type="button" onClick={() => filter({ task: '' })}>{say('tasks.all')}</button></p>}
      {sums && !given.task && <Counted sums={sums} chosen={given.hole} state={given.state} />}
      <Refused refusal={refusal} />
      {!answer && waiting && <Waiting />}
      {answer && answer.rows.length === 0 && <><p>{say('tasks.none')}</p>{mayRows('holes') && <p class="note">{say('tasks.none.how')} <a href={addressOf('holes')}>{say('nav.holes')}</a></p>}</>}
      {answer && answer.rows.length > 0 && now && <>
        <Table caption={say('tasks.title')} columns={columnsOf(axisOf(answer.rows.filter((one) => one.since), now), now)}
          rows={answer.rows} keyOf={(row) => row.task} />
        <Pager from={from} shown={answer.rows.length} {...(all >= from + answer.rows.length ? { count: all } : {})}
          before={tokens.value.length > 0 ? () => { tokens.value = tokens.value.slice(0, -1); } : null}
          next={next ? () => { tokens.value = [...tokens.value, next]; } : null} />
      </>}
    </section>
  );
}
