// What the service says of a fact names fields and words by their codes, as programs read
// them; a page has titles and words for both, in the language of who reads it.
import { signal } from '@preact/signals';
import type { Refusal } from '../base/ask';
import { has, inLanguage, say, word } from '../base/words';
import { describedKinds, type KindAbout } from '../list/described';
import { wordsOf } from '../list/records';

const kinds = signal<Map<string, KindAbout> | null>(null);

// What the service describes is long: it is asked for when something was said of a fact.
export function askTitles(): void {
  if (!kinds.peek()) describedKinds().then((all) => { kinds.value = all; }, () => undefined);
}

// Two fields of a kind may have one name on a page (both ids of a meeting): the service's
// titles tell them apart.
export function fieldTitle(kind: string, name: string): string {
  if (name === 'at') return say('record.at');
  const all = kinds.value?.get(kind)?.fields ?? [], one = all.find((field) => field.name === name), here = word('field', name);
  const alone = has(`field.${name}`) && !all.some((field) => field.name !== name && word('field', field.name) === here);
  return one && !alone ? inLanguage(one.zh, one.en) : here;
}

export interface SaidWords { message: string; detail: string }

export function saidWords(refusal: Refusal, kind: string): SaidWords {
  const { first, second, words } = refusal.params, fields = [first, second].filter((one) => one !== undefined);
  const message = fields.length === 0 ? refusal.message
    : refusal.message.replace(/[A-Za-z_]+/g, (one) => (fields.includes(one) ? `“${fieldTitle(kind, one)}”` : one));
  if (!words || !refusal.params.field) return { message, detail: refusal.detail };
  const group = wordsOf(kind, refusal.params.field);
  return { message, detail: refusal.detail.replace(words, words.split(' ').map((one) => word(group, one)).join(say('comma'))) };
}
