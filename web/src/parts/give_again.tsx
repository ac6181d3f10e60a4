// A task is given to another post by those who give tasks: the same task, with its hole.
import { useSignal } from '@preact/signals';
import { ask, type Refusal } from '../base/ask';
import { came, health, heed } from '../base/city';
import { say } from '../base/words';
import { mayGive, proposedDue } from './make_tasks';
import { Refused } from './shown';

export function GiveAgain({ task, post }: { task: string; post: string }) {
  const open = useSignal(false), refusal = useSignal<Refusal | null>(null), now = health.value?.now ?? '';
  if (!mayGive()) return null;
  if (!open.value) return <button type="button" onClick={() => { open.value = true; }}>{say('tasks.again')}</button>;
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const body = { answer: 'assigned', post: String(given.get('post')).trim(), due: String(given.get('due')) };
    ask(`/v1/tasks/${encodeURIComponent(task)}`, { method: 'POST', body }).then(
      () => { refusal.value = null; open.value = false; came.value++; },
      (why: Refusal) => { heed(why); refusal.value = why; },
    );
  };
  return (
    <form class="give-again" onSubmit={send}>
      <label>{say('tasks.to')}<input name="post" required maxLength={128} autocomplete="off" defaultValue={post} /></label>
      <label>{say('tasks.until')}<input name="due" type="datetime-local" required defaultValue={now && proposedDue(now)} /></label>
      <button type="submit">{say('tasks.again')}</button>
      <button type="button" onClick={() => { open.value = false; }}>{say('tasks.not_now')}</button>
      <Refused refusal={refusal.value} />
    </form>
  );
}
