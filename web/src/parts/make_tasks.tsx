// All holes of a kind, as they are filtered, become tasks of a post: it needs the post and
// a time, and says how many were made.
import { useSignal } from '@preact/signals';
import { ask, type Refusal } from '../base/ask';
import { came, health, heed, session } from '../base/city';
import { numberText } from '../base/times';
import { say } from '../base/words';
import { Refused } from './shown';

interface Made { made: number; had: number; left: number }

// The roles that the kind of fact task.assigned is for.
export const mayGive = (): boolean => ['commander', 'lead'].includes(session.value?.role ?? '');

// Four hours on, to the quarter, in the city's own time.
function proposed(now: string): string {
  const later = new Date(Date.parse(`${now.slice(0, 16)}:00Z`) + 4 * 3600e3);
  later.setUTCMinutes(Math.floor(later.getUTCMinutes() / 15) * 15);
  return later.toISOString().slice(0, 16);
}

export function MakeTasks({ kind, owner, grid }: { kind: string; owner: string; grid: string }) {
  const open = useSignal(false), made = useSignal<Made | null>(null), refusal = useSignal<Refusal | null>(null);
  const now = health.value?.now ?? '', where = grid || session.value?.grid || '';
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const body = { holes: kind, post: String(given.get('post')).trim(), due: String(given.get('due')), ...(grid ? { grid } : {}) };
    ask<Made>('/v1/tasks', { method: 'POST', body }).then(
      (answer) => { made.value = answer; refusal.value = null; open.value = false; came.value++; },
      (why: Refusal) => { heed(why); refusal.value = why; },
    );
  };
  return (
    <div class="make-tasks">
      {!open.value && <button type="button" onClick={() => { open.value = true; made.value = null; }}>{say('tasks.make')}</button>}
      {open.value && <form onSubmit={send}>
        <label>{say('tasks.post')}<input name="post" required maxLength={128} autocomplete="off" defaultValue={where ? `${owner}@${where}` : ''} /></label>
        <label>{say('tasks.until')}<input name="due" type="datetime-local" required defaultValue={now && proposed(now)} /></label>
        <button type="submit">{say('tasks.make')}</button>
        <button type="button" onClick={() => { open.value = false; }}>{say('tasks.not_now')}</button>
      </form>}
      <Refused refusal={refusal.value} />
      {made.value && <p class="note" role="status">
        {say('tasks.made', { made: numberText(made.value.made), had: numberText(made.value.had) })}
        {made.value.left > 0 && ` ${say('tasks.left', { left: numberText(made.value.left) })}`}
      </p>}
    </div>
  );
}
