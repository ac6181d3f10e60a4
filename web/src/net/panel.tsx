// A panel of the wall: a figure with its title and "as of"; its list, its definition, and
// both as files.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useSignal } from '@preact/signals';
import { today } from '../base/city';
import { timeText } from '../base/times';
import { say } from '../base/words';
import type { AsOf } from '../base/ask';
import type { Name } from '../texts/zh';
import { csvOf, save, type List } from './files';
import { savePicture } from './picture';
import { LiveFigure, type Live } from './live_figure';

export type { List };

function Listed({ name, title, list, live, picture, close }: { name: string; title: string; list: List; live: Live[]; picture: () => void; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => { dialog.current?.showModal(); }, []);
  return (
    <dialog ref={dialog} aria-label={title} onClose={close}>
      <h2>{title}</h2>
      <p class="note">{say(`wall.means.${name}` as Name)}</p>
      <p class="dialog-keys">
        <button type="button" onClick={() => save(`${name}.csv`, new Blob([csvOf(list)], { type: 'text/csv' }))}>{say('csv')}</button>
        <button type="button" onClick={picture}>{say('wall.picture')}</button>
        {list.link && <a class="button" href={list.link.to}>{list.link.text}</a>}
        <button type="button" class="first" onClick={() => dialog.current?.close()}>{say('wall.close')}</button>
      </p>
      {live.length > 0 && <LiveFigure name={name} title={title} all={live} />}
      <div class="scroll" role="region" aria-label={title} tabIndex={0}>
        <table>
          <thead><tr>{list.columns.map((one) => <th key={one} scope="col">{one}</th>)}</tr></thead>
          <tbody>{list.rows.map((row, at) => <tr key={at}>{row.map((one, column) => <td key={column} class={typeof one === 'number' ? 'number' : ''}>{one}</td>)}</tr>)}</tbody>
        </table>
      </div>
    </dialog>
  );
}

export function Panel({ name, title, note, asOf, complete = true, list, live, onOpen, children }: {
  name: string;
  title: string;
  note?: ComponentChildren;
  asOf?: AsOf | undefined;
  complete?: boolean | undefined;
  list: () => List; // made when somebody opens it
  live?: () => Live[]; // its figures by time, there as well
  onOpen?: (is: boolean) => void; // what only the list shows is asked for when it is open
  children: ComponentChildren;
}) {
  const panel = useRef<HTMLElement>(null), open = useSignal(false);
  const turn = (is: boolean) => { open.value = is; onOpen?.(is); };
  const at = asOf?.at ? say('as_of', { at: timeText(asOf.at, today.value) }) : say('as_of.none');
  return (
    <section class={`panel of-${name}`} ref={panel} aria-label={title}>
      <div class="panel-title">
        <h2>{title}</h2>
        <span class="panel-note">{note}</span>
        <span class="as-of">{complete ? at : `${at} · ${say('as_of.incomplete')}`}</span>
        <button type="button" onClick={() => turn(true)} aria-label={say('wall.list_of', { title })}>{say('wall.list')}</button>
      </div>
      {children}
      {open.value && <Listed name={name} title={title} list={list()} live={live?.() ?? []} picture={() => { void savePicture(name, panel.current); }} close={() => turn(false)} />}
    </section>
  );
}

