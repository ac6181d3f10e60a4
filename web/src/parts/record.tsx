// A fact recorded where its lack is seen: of a case's step, of a hole, beside a list. The
// form has the fields that the service describes; the page has filled in what it knows.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { health, heed, session } from '../base/city';
import { inLanguage, say, word } from '../base/words';
import { describedKinds, type FieldAbout, type KindAbout } from '../list/described';
import { asksWhen, fieldsAsked, proposedId, valuesOf, wordsOf, type Offer } from '../list/records';
import { TellForm, type Field } from './tell';

// Asked when the first form is opened: what the service describes is long.
function useKinds(open: boolean): Map<string, KindAbout> | null {
  const kinds = useSignal<Map<string, KindAbout> | null>(null);
  useEffect(() => { if (open) describedKinds().then((all) => { kinds.value = all; }, heed); }, [open]);
  return kinds.value;
}

function formField(kind: string, one: FieldAbout): Field {
  const words = one.type === 'yesno' ? ['true', 'false'] : one.words;
  return {
    name: one.name, title: inLanguage(one.zh, one.en), required: one.required, time: one.type === 'time', value: proposedId(kind, one),
    ...(words.length > 0 ? { words, group: one.type === 'yesno' ? 'yesno' : wordsOf(kind, one.name) } : {}),
    ...(one.names ? { names: one.names, many: one.type === 'list' } : {}),
    ...(one.type === 'date' || one.type === 'number' ? { input: one.type } : {}), ...(one.type === 'list' || one.personal ? { wide: true } : {}),
  };
}

function Form({ about, given, onDone }: { about: KindAbout; given: Record<string, string>; onDone: () => void }) {
  // When it happened, which may be before it is said: what is done late is not made early by that.
  const happened: Field = { name: '@at', title: say('record.at'), time: true, required: true, value: (health.value?.now ?? '').slice(0, 16) };
  const title = Object.entries(given).map(([name, one]) => (about.fields.find((field) => field.name === name)?.words.length ? word(wordsOf(about.kind, name), one) : one)).join(' ');
  return <TellForm kind={about.kind} title={title} body={valuesOf(about, given)} onDone={onDone}
    fields={[...fieldsAsked(about, given).map((one) => formField(about.kind, one)), ...(asksWhen(about) ? [happened] : [])]} shape={(typed) => valuesOf(about, typed)} />;
}

// One offer is a button with its own name; of several one is chosen.
export function Record({ offers, title, small = false }: { offers: Offer[]; title?: string; small?: boolean }) {
  const open = useSignal(false), chosen = useSignal(0), kinds = useKinds(open.value), role = session.value?.role ?? '';
  if (offers.length === 0) return null;
  const mine = offers.filter((one) => kinds?.get(one.kind)?.roles.includes(role)), now = mine[chosen.value] ?? mine[0], about = now && kinds?.get(now.kind);
  return (
    <div class={small ? 'record small' : 'record'}>
      <button type="button" aria-expanded={open.value} onClick={() => { open.value = !open.value; }}>{title ?? say('record')}</button>
      {open.value && kinds && !now && <p class="soft">{say('record.not_yours', { facts: offers.map((one) => word('fact', one.kind)).join(say('comma')) })}</p>}
      {open.value && mine.length > 1 && <label class="which">{say('record.which')}
        <select value={String(mine.indexOf(now!))} onChange={(event) => { chosen.value = Number(event.currentTarget.value); }}>
          {mine.map((one, at) => <option key={at} value={String(at)}>{word('fact', one.kind)}</option>)}
        </select></label>}
      {open.value && mine.length === 1 && <p class="strong">{word('fact', now!.kind)}</p>}
      {open.value && about && <Form key={chosen.value} about={about} given={now.given} onDone={() => { open.value = false; }} />}
    </div>
  );
}
