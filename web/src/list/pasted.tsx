// Rows out of Excel: looked at first, then facts. What is refused stays with its reason and
// can be mended; what was pasted stays while its user is there, on whichever page. Only
// memory holds it, for it names people.
import { signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Refusal } from '../base/ask';
import { sendMany, type Line } from '../base/batch';
import { health, session } from '../base/city';
import { numberText } from '../base/times';
import { inLanguage, language, say } from '../base/words';
import { hintHere } from '../parts/hints';
import { fieldTitle, saidWords } from '../parts/said_words';
import type { FieldAbout, KindAbout } from './described';
import { Grid, type Row } from './grid';
import { cellsOf, columnsOf, readValue, type Order } from './paste';
import type { Telling } from './tellings';

type State = 'ready' | 'wrong' | 'refused' | 'unsure';
export interface PastedRow extends Row { _at: number; _state: State; _why: string; _line: Line | null; cells: string[] }
interface Pasted { user: string; kind: string; heads: string[]; columns: string[]; rows: PastedRow[]; order: Order; taken: number; over: number }

const pasted = signal<Pasted | null>(null);
const most = 20000;

window.addEventListener('beforeunload', (event) => { if (pasted.value && pasted.value.rows.length > 0) event.preventDefault(); });

const title = (field: FieldAbout): string => inLanguage(field.zh, field.en);

// ---- what rows are worth ----

function bodyOf(row: PastedRow, fields: (FieldAbout | undefined)[], order: Order): { body: Record<string, unknown>; why: string; asks: boolean } {
  const body: Record<string, unknown> = {}, wrong: string[] = [];
  let asks = false;
  fields.forEach((field, at) => {
    if (!field) return;
    const read = readValue(field, row.cells[at] ?? '', order);
    if (read.wrong === 'order') asks = true;
    if (field.type === 'time' && typeof read.value === 'string' && read.value.slice(0, 16) > (health.value?.now ?? '').slice(0, 16)) {
      wrong.push(say('paste.wrong.future', { title: title(field) }));
      return;
    }
    if (read.wrong) wrong.push(say(`paste.wrong.${read.wrong}`, { title: title(field) }));
    else if (read.value !== null) body[field.name] = read.value;
  });
  return { body, why: wrong.join(say('semicolon')), asks };
}

function judge(row: PastedRow, about: KindAbout, columns: string[], order: Order): boolean {
  const fields = columns.map((name) => about.fields.find((one) => one.name === name));
  const { body, why, asks } = bodyOf(row, fields, order);
  const lacks = about.fields.filter((one) => one.required && body[one.name] === undefined && !why.includes(title(one)));
  row._why = [why, lacks.length > 0 ? say('paste.lacks', { titles: lacks.map(title).join(say('comma')) }) : ''].filter((one) => one !== '').join(say('semicolon'));
  row._state = row._why ? 'wrong' : 'ready';
  row._line = row._why ? null : { kind: about.kind, body, at: health.value?.now ?? '', seq: 0, taken: false, refusal: null };
  return asks;
}

function judgeAll(of: Pasted, about: KindAbout): boolean {
  let asks = false;
  for (const row of of.rows) if (row._state !== 'unsure') asks = judge(row, about, of.columns, of.order) || asks;
  return asks;
}

function take(text: string, about: KindAbout, user: string): void {
  const all = cellsOf(text), first = all[0] ?? [], found = columnsOf(first, about.fields), titled = found.some((one) => one !== null);
  const wide = Math.max(0, ...all.map((one) => one.length));
  const made: Pasted = {
    user, kind: about.kind, order: '', taken: 0, over: Math.max(0, all.length - (titled ? 1 : 0) - most), heads: Array.from({ length: wide }, (_, at) => (titled ? first[at] : '') || String.fromCharCode(65 + at % 26)),
    columns: Array.from({ length: wide }, (_, at) => found[at]?.name ?? ''),
    rows: all.slice(titled ? 1 : 0, most + (titled ? 1 : 0)).map((cells, at) => ({ _at: at, _state: 'ready', _why: '', _line: null, cells, ...Object.fromEntries(cells.map((one, c) => [`c${c}`, one])) })),
  };
  judgeAll(made, about);
  pasted.value = made;
}

// Why the service did not take a row, in the titles and words of the page.
function refusedText(refusal: Refusal, kind: string): string {
  const words = saidWords(refusal, kind), field = refusal.params.first ? '' : refusal.params.field;
  return [field && `${fieldTitle(kind, field)} ·`, words.message, words.detail, hintHere(refusal.code, refusal.hint)].filter(Boolean).join(' ');
}

// ---- what is seen of them ----

function gridOf(element: HTMLElement, of: Pasted, about: KindAbout, onEdit: (row: PastedRow, name: string, value: string) => void): Grid {
  const input = (value: unknown): HTMLInputElement => Object.assign(document.createElement('input'), { value: String(value ?? '').replace(/\s*\n\s*/g, ' '), maxLength: 400 }) // a field of one line drops what parts lines;
  const columns = [
    { name: '_at', title: '#', width: 64, frozen: true, number: true, show: (value: unknown) => String(Number(value) + 1) },
    { name: '_why', title: say('paste.state'), width: 300, show: (value: unknown, row: Row) => String(value || say(`paste.${row._state as State}`)) },
    ...of.columns.map((name, at) => {
      const field = about.fields.find((one) => one.name === name), shown = of.rows.slice(0, 40).map((row) => row.cells[at]?.length ?? 0);
      return { name: `c${at}`, title: field ? title(field) : `${of.heads[at]} (${say('paste.left_out')})`, width: Math.min(260, Math.max(110, 30 + 9 * Math.max(...shown, 4))),
        show: (value: unknown) => String(value ?? ''), edit: { input, read: (text: string) => text } };
    }),
  ];
  return new Grid(element, columns, '_at', of.rows, say('paste.title'), { maxHeight: '46vh' }, {
    onEdit: (row, name, value) => onEdit(row as PastedRow, name, String(value ?? '')),
    rowClass: (row) => (row._state === 'ready' ? '' : 'refused'),
  });
}

function Heads({ of, about, change }: { of: Pasted; about: KindAbout; change: (columns: string[]) => void }) {
  return (
    <div class="heads">
      {of.columns.map((name, at) => (
        <label key={at}><span>{of.heads[at]} <span class="soft">{of.rows[0]?.cells[at]}</span></span>
          <select value={name} onChange={(event) => change(of.columns.map((one, c) => (c === at ? event.currentTarget.value : one === event.currentTarget.value ? '' : one)))}>
            <option value="">{say('paste.left_out')}</option>
            {about.fields.map((one) => <option key={one.name} value={one.name}>{title(one)}{one.required ? ' *' : ''}</option>)}
          </select></label>
      ))}
    </div>
  );
}

function Preview({ of, about }: { of: Pasted; about: KindAbout }) {
  const holder = useRef<HTMLDivElement>(null), grid = useRef<Grid | null>(null), busy = useSignal(-1), shown = of.columns.join('\t');
  const asks = judgeAllOnce(of, about);
  const change = (changed: Partial<Pasted>) => {
    const made = { ...of, ...changed };
    judgeAll(made, about);
    pasted.value = made;
  };
  useEffect(() => {
    if (!holder.current) return undefined;
    const made = grid.current = gridOf(holder.current, of, about, (row, name, value) => {
      const now = pasted.value;
      if (!now) return;
      row.cells[Number(name.slice(1))] = value;
      const kept = now.rows.find((one) => one._at === row._at);
      if (kept) { kept.cells = row.cells; kept[name] = value; judge(kept, about, now.columns, now.order); }
      pasted.value = { ...now };
    });
    return () => { made.end(); grid.current = null; };
  }, [shown, language.value]);
  useEffect(() => { void grid.current?.set(of.rows); }, [of]);
  const ready = of.rows.filter((one) => one._line !== null), lines = ready.map((one) => one._line!);
  const send = async (): Promise<void> => {
    busy.value = 0;
    await sendMany(lines, (done) => { busy.value = done; });
    const left = of.rows.filter((one) => !one._line?.taken);
    for (const row of left) {
      const refusal = row._line?.refusal;
      if (!refusal) continue;
      row._state = refusal.status === 0 ? 'unsure' : 'refused';
      row._why = refusal.status === 0 ? say('paste.unsure') : refusedText(refusal, of.kind);
    }
    busy.value = -1;
    pasted.value = { ...of, rows: left, taken: of.taken + of.rows.length - left.length };
  };
  const wrong = of.rows.filter((one) => one._state === 'wrong').length, refused = of.rows.filter((one) => one._state === 'refused').length;
  return (
    <>
      {of.rows.length > 0 && <Heads of={of} about={about} change={(columns) => change({ columns })} />}
      {(asks || of.order) && <p class="wrong" role="status"><span class="strong">{say('paste.order')}</span>{' '}
        {(['dmy', 'mdy'] as const).map((one) => (
          <label key={one} class="tick"><input type="radio" name="order" checked={of.order === one} onChange={() => change({ order: one })} />{say(`paste.order.${one}`)}</label>
        ))}</p>}
      <p class="note" role="status" data-pasted>
        {busy.value >= 0 ? say('paste.sending', { done: numberText(busy.value), count: numberText(lines.length) }) : [
          of.taken > 0 && say('paste.taken', { count: numberText(of.taken) }), say('paste.count', { count: numberText(lines.length) }),
          of.over > 0 && say('paste.over', { count: numberText(of.over), most: numberText(most) }),
          wrong > 0 && say('paste.count.wrong', { count: numberText(wrong) }), refused > 0 && say('paste.count.refused', { count: numberText(refused) }),
        ].filter((one) => one !== false).join(say('semicolon'))}</p>
      <div><div ref={holder} /></div>{/* it is watched by what it stands in, also while it goes */}
      <div class="pager">
        <button type="button" class="first" disabled={lines.length === 0 || busy.value >= 0} onClick={() => void send()}>{say('paste.send', { count: numberText(lines.length) })}</button>
        <button type="button" disabled={busy.value >= 0} onClick={() => { pasted.value = null; }}>{say(of.rows.length > 0 ? 'paste.drop' : 'paste.done')}</button>
      </div>
    </>
  );
}

// Whether somebody has to say which is the day: found anew from the rows.
function judgeAllOnce(of: Pasted, about: KindAbout): boolean {
  if (of.order) return false;
  const times = of.columns.flatMap((name, at) => (['time', 'date'].includes(about.fields.find((one) => one.name === name)?.type ?? '') ? [at] : []));
  return of.rows.some((row) => times.some((at) => readValue({ type: 'date' } as FieldAbout, row.cells[at] ?? '', '').wrong === 'order'));
}

export function PasteSection({ telling, kinds, role, onClose }: { telling: Telling; kinds: Map<string, KindAbout>; role: string; onClose: () => void }) {
  const list = telling.pastes.map((one) => kinds.get(one)).filter((one) => one !== undefined && one.roles.includes(role)) as KindAbout[];
  const user = session.value?.name ?? '', chosen = useSignal('');
  const of = pasted.value?.user === user ? pasted.value : null;
  const about = list.find((one) => one.kind === (of?.kind ?? (chosen.value || list[0]?.kind)));
  if (!about) return of ? <p class="note">{say('paste.elsewhere')}</p> : null;
  return (
    <section class="look paste" aria-label={say('paste.title')}>
      <div class="pager">
        <label>{say('paste.kind')}
          <select value={about.kind} disabled={of !== null} onChange={(event) => { chosen.value = event.currentTarget.value; }}>
            {list.map((one) => <option key={one.kind} value={one.kind}>{inLanguage(one.zh, one.en)}</option>)}
          </select></label>
        <button type="button" onClick={onClose}>{say('paste.close')}</button>
      </div>
      {!of && <label class="wide">{say('paste.here')}
        <textarea rows={3} data-paste onPaste={(event) => {
          event.preventDefault();
          take(event.clipboardData?.getData('text/plain') ?? '', about, user);
        }} /></label>}
      {!of && <p>{say('paste.fields')}{about.fields.map((one) => `${title(one)}${one.required ? ' *' : ''}`).join(say('comma'))}</p>}
      {of && <Preview of={of} about={about} />}
    </section>
  );
}

export const hasPasted = (): boolean => pasted.value !== null && pasted.value.user === session.value?.name;
