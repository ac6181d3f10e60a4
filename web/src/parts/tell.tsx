// A small form that becomes a fact, and those facts that are not taken yet.
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { draftOf, forget, keepDraft, mend, sendAgain, tell, waiting, type Entry, type FactName } from '../base/book';
import { health } from '../base/city';
import { isTime, timeText } from '../base/times';
import { has, say, word } from '../base/words';
import { wordsOf } from '../list/records';
import { hintHere } from './hints';
import { NamedField } from './named_field';
import { askTitles, fieldTitle } from './said_words';
import { Refused } from './shown';

export interface Field { name: string; title: string; words?: string[]; group?: string; required?: boolean; time?: boolean; input?: 'date' | 'number'; value?: string; wide?: boolean; names?: 'person' | 'place'; many?: boolean; offered?: [value: string, text: string][] }

// `warns` says what is wrong with what was typed, without keeping anybody from sending it;
// `shape` makes values of it. A field `@at` says when it happened, where that may not be now.
// `instead`: the fact that is corrected by it; `send`: where it is not one fact.
// What was typed is a draft until it is sent or the form is cancelled; `draft` tells forms
// apart that are about the same. `chosen`: values that are chosen beside the form; each time
// others are they stand in its fields, whatever stood there.
export function TellForm({ kind, title, fields, body, onDone, warns, shape, instead = null, send, draft = '', chosen }: {
  draft?: string; chosen?: Record<string, string>; kind: string; title: string; fields: Field[]; body: Record<string, unknown>; onDone: () => void;
  warns?: (given: Record<string, string>) => string | null; shape?: (typed: Record<string, string>) => Record<string, unknown>; instead?: FactName | null; send?: (body: Record<string, unknown>, at: string) => void;
}) {
  const about = useSignal(JSON.stringify([kind, title, body, instead, draft])).value;
  const given = useSignal<Record<string, string>>({ ...Object.fromEntries(fields.map((one) => [one.name, one.value ?? (one.required ? one.words?.[0] : undefined) ?? ''])), ...draftOf<Record<string, string>>(about) });
  const change = (name: string, value: string) => {
    given.value = { ...given.value, [name]: value };
    keepDraft(about, { ...draftOf<Record<string, string>>(about), [name]: value });
  };
  const now = JSON.stringify(chosen ?? {}), before = useRef(now);
  useEffect(() => {
    if (before.current === now) return;
    before.current = now;
    for (const [name, value] of Object.entries(chosen ?? {})) change(name, value);
  }, [now]);
  const done = () => {
    keepDraft(about, undefined);
    onDone();
  };
  const warning = warns?.(given.value);
  return (
    <form class="tell" onSubmit={(event) => {
      event.preventDefault();
      const { '@at': at = '', ...typed } = Object.fromEntries(Object.entries(given.value).map(([name, text]) => [name, text.trim()]).filter(([, text]) => text !== ''));
      const said = { ...body, ...(shape ? shape(typed) : typed) };
      if (send) send(said, at);
      else tell(kind, title, said, at, instead);
      done();
    }}>
      {fields.map((one) => (one.names ? <NamedField key={one.name} title={one.title} names={one.names} required={one.required ?? false} many={one.many} value={given.value[one.name] ?? ''} onChange={(value) => change(one.name, value)} /> : (
        <label key={one.name} class={one.wide ? 'wide' : ''}>{one.title}
          {one.words ? (
            <select required={one.required ?? false} value={given.value[one.name] ?? ''} onChange={(event) => change(one.name, event.currentTarget.value)}>
              {(!one.required || !given.value[one.name]) && <option value="">–</option>}
              {one.words.map((value) => <option key={value} value={value}>{word(one.group ?? one.name, value)}</option>)}
            </select>
          ) : one.time || one.input ? <input type={one.input ?? 'datetime-local'} required={one.required ?? false} value={given.value[one.name] ?? ''}
            onInput={(event) => change(one.name, event.currentTarget.value)} />
            : <input type="text" required={one.required ?? false} maxLength={400} autocomplete="off" {...(one.offered ? { list: `offered-${kind}-${one.name}` } : {})} value={given.value[one.name] ?? ''}
              onInput={(event) => change(one.name, event.currentTarget.value)} />}
          {one.offered && <datalist id={`offered-${kind}-${one.name}`}>{one.offered.map(([value, text]) => <option key={value} value={value} label={text} />)}</datalist>}
        </label>
      )))}
      <button type="submit" class="first">{say('tell.send')}</button>
      <button type="button" onClick={done}>{say('tell.cancel')}</button>
      {warning && <p class="wrong" role="status">{warning}</p>}
    </form>
  );
}

const factTitle = (kind: string) => (has(`told.${kind}`) ? word('told', kind) : word('fact', kind));

// The field that a doubt or a refusal is about, to be put right where it is said.
function Mend({ entry, field }: { entry: Entry; field: string }) {
  const now = String((field === 'at' ? entry.at : entry.body[field]) ?? ''), isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(now), value = useSignal(isTime ? now.slice(0, 16) : now);
  return (
    <form class="tell" data-mend onSubmit={(event) => { event.preventDefault(); mend(entry.key, field, value.value.trim()); }}>
      <label>{fieldTitle(entry.kind, field)}{isTime ? <input type="datetime-local" required value={value.value} onInput={(event) => { value.value = event.currentTarget.value; }} />
        : <input type="text" required maxLength={400} value={value.value} onInput={(event) => { value.value = event.currentTarget.value; }} />}</label>
      <button type="submit" class="first">{say('tell.mend')}</button>
    </form>
  );
}

// A field is mended here where its value is one text; a list, or one that was not given, in
// the form that it came from.
function fieldOf(one: Entry): string | null {
  const field = one.warning?.params.field ?? (one.refusal && one.refusal.status !== 0 ? one.refusal.params.field : undefined);
  return field && (field === 'at' || typeof one.body[field] === 'string') ? field : null;
}

// Nothing that was typed goes unseen: it waits here until it is taken, or somebody drops it;
// at the foot of the window, wherever on the page it was typed. What is under way for less
// than a moment is not shown.
export function Untaken() {
  if (waiting.value.length === 0) return null;
  const said = waiting.value.some((one) => one.refusal || one.warning);
  if (said) askTitles();
  return (
    <section class={said ? 'look untaken' : 'look untaken under-way'} aria-label={say('tell.waiting')}>
      <h2>{say('tell.waiting')}</h2>
      {waiting.value.map((one) => (
        <div key={one.key}>
          <p><span class="strong">{factTitle(one.kind)}</span> {one.title}
            {Object.entries(one.body).filter(([, value]) => typeof value === 'string' && value !== '').map(([name, value]) =>
              <span key={name} class="second"> · {fieldTitle(one.kind, name)} {isTime(value) ? timeText(value, health.value?.now) : word(wordsOf(one.kind, name), String(value))}</span>)}</p>
          <Refused refusal={one.refusal} kind={one.kind} />
          {fieldOf(one) && !one.warning && <Mend key={fieldOf(one)!} entry={one} field={fieldOf(one)!} />}
          {one.warning && <>
            <p class="wrong" role="alert" data-warned><span class="strong">{say('tell.warned')} {one.warning.params.field && `${fieldTitle(one.kind, one.warning.params.field)} · `}{one.warning.message}</span>{one.warning.hint && <span class="second">{hintHere(one.warning.code, one.warning.hint)}</span>}</p>
            {fieldOf(one) && <Mend key={fieldOf(one)!} entry={one} field={fieldOf(one)!} />}
            <div class="pager">
              <button type="button" onClick={() => forget(one.key)}>{say('tell.drop')}</button>
              <button type="button" onClick={() => sendAgain(one.key)}>{say('tell.anyway')}</button></div></>}
          {one.refusal && <div class="pager">
            <button type="button" onClick={() => sendAgain(one.key)}>{say('tell.again')}</button>
            <button type="button" onClick={() => forget(one.key)}>{say('tell.drop')}</button></div>}
        </div>
      ))}
    </section>
  );
}
