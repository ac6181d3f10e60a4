// Posts round the clock: who holds each now, who comes next, and when within a day nobody
// does. Whoever goes tells the next; what was told may name people, so that reading it is a
// look.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { withQuery, type AsOf } from '../base/ask';
import { taken } from '../base/book';
import { came, health, session } from '../base/city';
import { useAnswer } from '../base/load';
import { addressOf, filter, query } from '../base/route';
import { instant, numberText, spanText, timeText } from '../base/times';
import { say, word } from '../base/words';
import { postText } from '../parts/links';
import { headerOf, look, LookForm } from '../parts/look';
import { AsOfText, Pager, Refused, Table, Title, Waiting, type Column } from '../parts/shown';
import { RoundTheClock } from '../parts/round_clock';
import { TellForm, type Field } from '../parts/tell';

interface Post {
  post: string; holder: string | null; from_at: string | null; until_at: string | null; next: string | null; next_from: string | null;
  tasks: number; overdue: number; grid: string | null; bare_from: string | null; bare_until: string | null; told_at: string | null; told_by: string | null;
}
interface Staff { user_id: string; role: string; office: string | null }
interface Handover { post: string; fact: string; author: string | null; next: string | null; handed_at: string; note: string | null }
interface Page<Row> { rows: Row[]; next?: string; as_of: AsOf; complete: boolean }

const plans = ['commander', 'lead'], hands = ['commander', 'lead', 'investigator', 'grid_worker', 'sampler', 'lab', 'medic', 'regulator'];
const reads = ['lead', 'investigator', 'grid_worker', 'sampler', 'medic', 'regulator'];
const rowsOfPage = 100, staffAtOnce = 500, shiftHours = 8;

const now = (): string => health.value?.now ?? '';
const at = (time: string | null) => <span class="whole">{timeText(time, now()) || '–'}</span>;
// "user/wang" is wang; a device is what it is called.
const senderName = (sender: string | null): string => (sender ?? '').replace(/^user\//, '');
const isBare = (row: Post): boolean => !row.holder;

// A time in the city's own zone, so many hours on, as a form takes it.
function later(time: string, hours: number): string {
  return time ? new Date(Date.parse(`${time.slice(0, 16)}:00Z`) + hours * 3600e3).toISOString().slice(0, 16) : '';
}

function Bare({ row }: { row: Post }) {
  if (!row.bare_from) return <span class="second">{say('roster.covered')}</span>;
  const soon = isBare(row), until = row.bare_until ? say('roster.until', { at: timeText(row.bare_until, now()) }) : say('roster.nobody_after');
  return soon ? <><span class="strong">{say('roster.from_now')}</span> <span class="second">{until}</span></>
    : <><span class="strong">{say('roster.nobody_from', { at: timeText(row.bare_from, now()), span: spanText(instant(row.bare_from) - instant(now())) })}</span> <span class="second">{until}</span></>;
}

// ---- what was told ----

function Handovers({ post }: { post: string }) {
  // Who asks for them on a row far above would see nothing happen.
  const place = useRef<HTMLElement>(null);
  useEffect(() => { if (post) place.current?.scrollIntoView({ block: 'start' }); }, [post]);
  const purpose = headerOf(look.value);
  const { answer, refusal } = useAnswer<Page<Handover>>(purpose ? withQuery('/v1/views/command/handovers', { post, sort: '-handed_at', limit: 20 }) : null,
    { purpose }, [purpose, taken.value, came.value]);
  const columns: Column<Handover>[] = [
    { name: 'at', title: say('roster.handed'), show: (row) => at(row.handed_at) }, { name: 'post', title: say('roster.post'), show: (row) => postText(row.post) },
    { name: 'author', title: say('roster.author'), show: (row) => senderName(row.author) || '–' },
    { name: 'next', title: say('roster.to'), show: (row) => row.next || '–' }, { name: 'note', title: say('roster.note'), show: (row) => row.note || '–' }];
  return (
    <section ref={place}>
      <Title text={post ? say('roster.told_of', { post: postText(post) }) : say('roster.told')}><AsOfText of={answer?.as_of} complete={answer?.complete} /></Title>
      <p class="note">{say('roster.told.note')}</p>
      <LookForm />
      <Refused refusal={refusal} />
      {answer && (answer.rows.length > 0 ? <Table caption={say('roster.told')} columns={columns} rows={answer.rows} keyOf={(row) => row.fact} /> : <p>{say('rows.none')}</p>)}
    </section>
  );
}

// ---- the page ----

export function RosterPage() {
  const tokens = useSignal<string[]>([]), doing = useSignal<{ act: 'hold' | 'hand'; post: string } | null>(null), role = session.value?.role ?? '';
  const grid = query.value.get('grid') ?? '', post = query.value.get('post') ?? '';
  const { answer, refusal } = useAnswer<Page<Post>>(withQuery('/v1/views/command/posts', { grid, limit: rowsOfPage, after: tokens.value[tokens.value.length - 1] }), {}, [came.value, taken.value]);
  // Whom a roster can name: those of one's own grids.
  const staff = useAnswer<Page<Staff>>(plans.includes(role) ? withQuery('/v1/views/command/staff', { limit: staffAtOnce }) : null, {}, [role, taken.value]).answer?.rows ?? [];
  const rows = answer?.rows ?? [], bare = rows.filter(isBare).length, later24 = rows.filter((one) => !isBare(one) && one.bare_from).length, next = answer?.next;
  const open = (act: 'hold' | 'hand', of: string) => { doing.value = { act, post: of }; };
  const columns: Column<Post>[] = [
    { name: 'post', title: say('roster.post'), show: (row) => <a href={addressOf('tasks', { owner: row.post })}>{postText(row.post)}</a> },
    { name: 'holder', title: say('roster.holder'), show: (row) => (row.holder ? <><span class="strong">{row.holder}</span> <span class="second">{say('roster.until', { at: timeText(row.until_at, now()) })}</span></> : <span class="tag">{say('roster.nobody_now')}</span>) },
    { name: 'next', title: say('roster.next'), show: (row) => (row.next ? <>{row.next} <span class="second">{say('roster.from', { at: timeText(row.next_from, now()) })}</span></> : '–') },
    { name: 'bare', title: say('roster.bare'), show: (row) => <Bare row={row} /> },
    { name: 'tasks', title: say('nav.tasks'), number: true, show: (row) => <>{numberText(row.tasks)}{row.overdue > 0 && <span class="late"> {say('roster.overdue', { count: numberText(row.overdue) })}</span>}</> },
    { name: 'acts', title: say('admin.acts'), show: (row) => <span class="acts">
      {hands.includes(role) && <button type="button" onClick={() => open('hand', row.post)}>{say('roster.hand')}</button>}
      {plans.includes(role) && <button type="button" onClick={() => open('hold', row.post)}>{say('roster.plan')}</button>}
      {reads.includes(role) && <button type="button" onClick={() => filter({ post: row.post })}>{say('roster.read')}</button>}
      {row.told_at && <span class="second" data-told>{say('roster.told_last', { who: senderName(row.told_by), at: timeText(row.told_at, now()) })}</span>}</span> },
  ];
  const doingNow = doing.value, chosen = rows.find((one) => one.post === doingNow?.post);
  const begins = chosen?.bare_from && instant(chosen.bare_from) > instant(now()) ? later(chosen.bare_from, 0) : later(now(), 0);
  // To choose from, with whoever holds a post and is of another grid; whoever else may be written.
  const known = new Map(staff.map((one): [string, string] => [one.user_id, [word('role', one.role), one.office].filter(Boolean).join(' · ')]));
  for (const one of rows.flatMap((row) => [row.holder, row.next])) if (one && !known.has(one)) known.set(one, '');
  const users = [...known].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const posts = [...new Set(rows.map((one) => one.post))].map((one): [string, string] => [one, postText(one)]);
  const holding: Field[] = [{ name: 'user', title: say('login.user'), required: true, offered: users }, { name: 'from', title: say('roster.begins'), time: true, required: true, value: begins },
    { name: 'until', title: say('roster.ends'), time: true, required: true, value: later(begins, shiftHours) }];
  const handing: Field[] = [{ name: 'note', title: say('roster.note'), required: true, wide: true }, { name: 'next', title: say('roster.to'), value: chosen?.next ?? '', offered: users }];
  return (
    <section>
      <Title level={1} text={say('nav.roster')}><AsOfText of={answer?.as_of} complete={answer?.complete} />
        <button type="button" onClick={() => window.print()}>{say('print')}</button></Title>
      <p class="note">{say('roster.about')}</p>
      {answer && <div class="figures">
        <span><span class={bare > 0 ? 'key late' : 'key'}>{numberText(bare)}</span>{say('roster.count.now', { count: numberText(rows.length) })}</span>
        <span><span class="key">{numberText(later24)}</span>{say('roster.count.later', { count: numberText(rows.length) })}</span>
      </div>}
      <form class="filters" onSubmit={(event) => { event.preventDefault(); tokens.value = []; filter({ grid: String(new FormData(event.currentTarget).get('grid') ?? '').trim() }); }}>
        <label>{say('grid')}<input name="grid" maxLength={31} data-filter defaultValue={grid} /></label>
        <button type="submit">{say('apply')}</button>
        {plans.includes(role) && <button type="button" onClick={() => open('hold', '')}>{say('roster.plan_new')}</button>}
      </form>
      {doingNow && <section class="look" aria-label={say(doingNow.act === 'hold' ? 'roster.plan' : 'roster.hand')}>
        <p class="strong">{say(doingNow.act === 'hold' ? 'roster.plan' : 'roster.hand')} {doingNow.post && postText(doingNow.post)}</p>
        <TellForm key={doingNow.act + doingNow.post} kind={doingNow.act === 'hold' ? 'post.held' : 'shift.handed_over'} title={doingNow.post && postText(doingNow.post)}
          body={doingNow.post ? { post: doingNow.post } : {}} fields={doingNow.act === 'hold' ? [...(doingNow.post ? [] : [{ name: 'post', title: say('tasks.post'), required: true, offered: posts }]), ...holding] : handing}
          warns={(given) => (given.from && given.until && given.from >= given.until ? say('roster.order') : null)} onDone={() => { doing.value = null; }} />
      </section>}
      <Refused refusal={refusal} />
      {answer ? rows.length > 0 ? <>
        <RoundTheClock posts={[...new Set(rows.map((one) => one.post))]} grid={grid} />
        <Table caption={say('nav.roster')} columns={columns} rows={rows} keyOf={(row) => `${row.post} ${row.holder ?? ''}`} />
        <Pager from={tokens.value.length * rowsOfPage} shown={rows.length} before={tokens.value.length > 0 ? () => { tokens.value = tokens.value.slice(0, -1); } : null}
          next={next ? () => { tokens.value = [...tokens.value, next]; } : null} />
      </> : <p>{say('roster.none')}</p> : !refusal && <Waiting />}
      {reads.includes(role) && <Handovers post={post} />}
    </section>
  );
}
