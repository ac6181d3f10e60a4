// The task of a hole as a mark: its state, whose it is now, and since when.
import { mayRows } from '../base/city';
import { addressOf } from '../base/route';
import { timeText } from '../base/times';
import { say, word } from '../base/words';
import { postText } from './links';

export type TaskState = 'open' | 'accepted' | 'overdue' | 'returned' | 'closed' | 'unknown';

const signs: Record<TaskState, string> = { open: '◐', accepted: '●', overdue: '▲', returned: '↩', closed: '○', unknown: '?' };

export function StateText({ state }: { state: string }) {
  return <span class="whole"><span aria-hidden="true">{signs[state as TaskState] ?? ''} </span>{word('tasks.state', state)}</span>;
}

export interface Tasked { task?: string | null; task_post?: string | null; task_state?: string | null; task_since?: string | null }

export function TaskMark({ of, now }: { of: Tasked; now: string }) {
  if (!of.task) return null;
  const text = <><StateText state={of.task_state ?? ''} /> {postText(of.task_post ?? '')}</>;
  return (
    <span class="task-mark">
      {mayRows('read_view') ? <a href={addressOf('tasks', { task: of.task })}>{text}</a> : text}
      {of.task_since && <span class="soft whole"> {say('tasks.since', { at: timeText(of.task_since, now) })}</span>}
    </span>
  );
}
