// The holes of a kind that are listed become tasks: each of the post that a roster names
// nearest above it, or all of one post. Who would get how many, which have a task and which
// have no post is said before it is pressed, and what was made after it.
import { useSignal } from '@preact/signals';
import { ask, withQuery, type Refusal } from '../base/ask';
import { came, health, heed, session } from '../base/city';
import { numberText } from '../base/times';
import { say, word } from '../base/words';
import { useLive } from '../net/live';
import { postText } from './links';
import { Refused, Table, type Column } from './shown';

interface Made { made: number; had: number; left: number; nobody: number }
interface Share { post: string | null; holder: string | null; why: string | null; group: string; grid: string; holes: number }
interface Proposed { rows: Share[]; listed: number; holes: number; had: number; nobody: number }

// The roles that the kind of fact task.assigned is for.
export const mayGive = (): boolean => ['commander', 'lead'].includes(session.value?.role ?? '');

const seldom = 3000; // ms: all holes of the kind are looked at

// Four hours on, to the quarter, in the city's own time.
export function proposedDue(now: string): string {
  const later = new Date(Date.parse(`${now.slice(0, 16)}:00Z`) + 4 * 3600e3);
  later.setUTCMinutes(Math.floor(later.getUTCMinutes() / 15) * 15);
  return later.toISOString().slice(0, 16);
}

const whose = (one: Share): string => postText(one.post ?? (one.grid ? `${one.group}@${one.grid}` : one.group));

function columns(): Column<Share>[] {
  return [
    { name: 'post', title: say('tasks.to'), show: (one) => <><span class={one.why ? '' : 'strong'}>{whose(one)}</span>{one.post && <span class="soft"> {one.post}</span>}</> },
    { name: 'count', title: say('tasks.holes'), number: true, show: (one) => numberText(one.holes) },
    { name: 'holder', title: say('tasks.holder'), show: (one) => (one.why ? <span class="late">{say('tasks.not_given', { why: word('tasks.why', one.why) })}</span>
      : one.holder ?? <span class="late">{say('tasks.no_holder')}</span>) },
  ];
}

// What is shown and what is taken, in words, wherever they are not the same number.
function Sums({ of }: { of: Proposed }) {
  return (
    <span class="second">
      {of.listed > of.holes && <>{say('tasks.sums.rows', { rows: numberText(of.listed), count: numberText(of.holes) })} </>}
      {of.had > 0 && of.had < of.holes && <>{say('tasks.sums.had', { count: numberText(of.had) })} </>}
      {of.nobody > 0 && <span class="late">{say('tasks.sums.nobody', { count: numberText(of.nobody) })}</span>}
    </span>
  );
}

function Done({ made }: { made: Made }) {
  return (
    <p class="note" role="status">
      {say('tasks.made', { made: numberText(made.made), had: numberText(made.had) })}
      {made.nobody > 0 && ` ${say('tasks.nobody', { count: numberText(made.nobody) })}`}
      {made.left > 0 && ` ${say('tasks.left', { left: numberText(made.left) })}`}
    </p>
  );
}

export function MakeTasks({ kind, grid, later }: { kind: string; grid: string; later: boolean }) {
  const open = useSignal(false), post = useSignal(''), made = useSignal<Made | null>(null), refusal = useSignal<Refusal | null>(null);
  const asked = useLive<Proposed>(withQuery('/v1/tasks/proposed', { holes: kind, grid, all: later ? 'true' : '' }), seldom);
  const now = health.value?.now ?? '', of = asked.answer, one = post.value.trim();
  if (!of) return <div class="make-tasks"><Refused refusal={asked.refusal} /></div>;
  const count = of.holes - of.had - (one && open.value ? 0 : of.nobody);
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const due = String(new FormData(event.currentTarget as HTMLFormElement).get('due'));
    const body = { holes: kind, due, ...(one ? { post: one } : {}), ...(grid ? { grid } : {}), ...(later ? { all: true } : {}) };
    ask<Made>('/v1/tasks', { method: 'POST', body }).then(
      (answer) => { made.value = answer; refusal.value = null; open.value = false; post.value = ''; came.value++; },
      (why: Refusal) => { heed(why); refusal.value = why; },
    );
  };
  return (
    <div class="make-tasks">
      {!open.value && of.holes > 0 && <p class="figures">
        <button type="button" disabled={of.holes === of.had} onClick={() => { open.value = true; made.value = null; }}>
          {say(of.holes === of.had ? 'tasks.make.none' : 'tasks.make', { count: numberText(count) })}</button>
        {' '}<Sums of={of} />
      </p>}
      {open.value && <form onSubmit={send}>
        <Table caption={say('tasks.to')} columns={columns()} rows={of.rows} folds={false} keyOf={(row) => `${row.post} ${row.group} ${row.grid} ${row.why}`} />
        <p class="figures"><Sums of={of} /></p>
        <label>{say('tasks.until')}<input name="due" type="datetime-local" required defaultValue={now && proposedDue(now)} /></label>
        <label>{say('tasks.one_post')}<input name="post" maxLength={128} autocomplete="off" placeholder={say('tasks.own_posts')} value={post.value} onInput={(event) => { post.value = event.currentTarget.value; }} /></label>
        <button type="submit" disabled={count === 0}>{say('tasks.make', { count: numberText(count) })}</button>
        <button type="button" onClick={() => { open.value = false; post.value = ''; }}>{say('tasks.not_now')}</button>
      </form>}
      <Refused refusal={refusal.value} />
      {made.value && <Done made={made.value} />}
    </div>
  );
}
