// Why people's data are read: a reference and a purpose, chosen once and kept until the
// page is closed. It is shown wherever it is used.
import { signal } from '@preact/signals';
import { ask } from '../base/ask';
import { heed } from '../base/city';
import { inLanguage, say } from '../base/words';
import { caseChoices, CaseChoices } from './cases';

interface Purpose { purpose: string; zh: string; en: string; references: string[]; reads: boolean; traces: boolean }
interface Word { word: string; zh: string; en: string }
interface Purposes { purposes: Purpose[]; references: Word[]; offices: Word[] }
export interface Look { reference: string; id: string; purpose: string }

const purposes = signal<Purposes | null>(null);
let asked = false;

export const look = signal<Look | null>(null);

export function forgetLook(): void {
  look.value = null;
}

export function usePurposes(): Purposes | null {
  if (!asked) {
    asked = true;
    ask<Purposes>('/v1/purposes').then((list) => { purposes.value = list; }, (refusal) => { asked = false; heed(refusal); });
  }
  return purposes.value;
}

export function wordOf(list: Word[] | undefined, word: string): string {
  const found = list?.find((one) => one.word === word);
  return found ? inLanguage(found.zh, found.en) : word;
}

export function purposeText(purpose: string): string {
  const found = purposes.value?.purposes.find((one) => one.purpose === purpose);
  return found ? inLanguage(found.zh, found.en) : purpose;
}

// The header; in an id what has a meaning there, and what is no plain ASCII, is escaped.
export function headerOf(one: Look | null): string {
  return one ? `ref=${one.reference}:${encodeURIComponent(one.id)}; purpose=${one.purpose}` : '';
}

// A list of purposes to choose from, of those that rest on the reference.
export function PurposeChoice({ value, fits, onChange }: {
  value: string;
  fits: (purpose: Purpose) => boolean;
  onChange: (purpose: string) => void;
}) {
  const list = usePurposes()?.purposes.filter(fits) ?? [];
  const chosen = list.some((one) => one.purpose === value) ? value : '';
  return (
    <label class="of-purpose">{say('look.purpose')}
      <select required value={chosen} onChange={(event) => onChange(event.currentTarget.value)}>
        <option value="" disabled></option>
        {list.map((one) => <option key={one.purpose} value={one.purpose}>{inLanguage(one.zh, one.en)}</option>)}
      </select>
    </label>
  );
}

const draft = signal<Look>({ reference: 'case', id: '', purpose: '' });

// What a page rests on anyway is filled in; whoever looks still says what for.
export function proposeLook(reference: string, id: string): void {
  if (!draft.value.id) draft.value = { ...draft.value, reference, id };
}

export function LookForm() {
  const list = usePurposes();
  const now = look.value;
  if (now) {
    const values = { reference: wordOf(list?.references, now.reference), id: now.id, purpose: purposeText(now.purpose) };
    return (
      <div class="look pager" role="status">
        <span>{say('look.now', values)}</span>
        <button type="button" onClick={forgetLook}>{say('look.end')}</button>
      </div>
    );
  }
  const change = (changed: Partial<Look>) => { draft.value = { ...draft.value, ...changed }; };
  // The form stands there before its words have come: what is below would be pushed down.
  const references = (list?.references ?? []).filter((one) =>
    list!.purposes.some((purpose) => purpose.reads && purpose.references.includes(one.word)));
  return (
    <section class="look" aria-label={say('look.title')}>
      <p>{say('look.note')}</p>
      <form onSubmit={(event) => { event.preventDefault(); look.value = { ...draft.value, id: draft.value.id.trim() }; }}>
        <label>{say('look.reference')}
          <select value={draft.value.reference} onChange={(event) => change({ reference: event.currentTarget.value })}>
            {references.map((one) => <option key={one.word} value={one.word}>{inLanguage(one.zh, one.en)}</option>)}
          </select>
        </label>
        <label>{say('look.id')}
          <input type="text" required maxLength={64} autocomplete="off" {...(draft.value.reference === 'case' ? { list: caseChoices } : {})} value={draft.value.id}
            onInput={(event) => change({ id: event.currentTarget.value })} />
        </label>
        <PurposeChoice value={draft.value.purpose} onChange={(purpose) => change({ purpose })}
          fits={(one) => one.reads && one.references.includes(draft.value.reference)} />
        <button type="submit" disabled={!list}>{say('look.set')}</button>
      </form>
      {draft.value.reference === 'case' && <CaseChoices />}
    </section>
  );
}
