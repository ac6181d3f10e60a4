// Sentences in both languages. The English list has to have the same names as the Chinese
// one: the compiler sees to it.
import { signal } from '@preact/signals';
import { createInstance } from 'i18next';
import { en } from '../texts/en';
import { zh, type Name } from '../texts/zh';

export type Language = 'zh' | 'en';
const kept = 'weft-language';

export const language = signal<Language>(localStorage.getItem(kept) === 'en' ? 'en' : 'zh');

const texts = createInstance();
void texts.init({
  lng: language.value === 'en' ? 'en' : 'zh-CN',
  fallbackLng: false,
  initAsync: false,
  keySeparator: false,
  nsSeparator: false,
  interpolation: { escapeValue: false },
  resources: { 'zh-CN': { translation: zh }, en: { translation: en } },
});

export function speak(to: Language): void {
  localStorage.setItem(kept, to);
  void texts.changeLanguage(to === 'en' ? 'en' : 'zh-CN');
  document.documentElement.lang = to === 'en' ? 'en' : 'zh-CN';
  language.value = to;
}

// Texts as they lie between their values: "{{at}} on" is '', 'at', ' on'. A wall says some
// hundred of them with every fact, so each is looked up and taken apart once.
const known: Record<Language, Map<string, string[]>> = { zh: new Map(), en: new Map() };

// Of one a sentence may be another one (NAME_one): i18next knows how many is one in which
// language.
function partsOf(name: Name, to: Language, count?: number): string[] {
  const key = count === 1 ? `${name} 1` : name;
  let parts = known[to].get(key);
  if (!parts) {
    const text = texts.t(name, { lng: to === 'en' ? 'en' : 'zh-CN', skipInterpolation: true, ...(count === 1 ? { count } : {}) });
    known[to].set(key, parts = text.split(/\{\{(\w+)\}\}/));
  }
  return parts;
}

// Reading `language` makes whoever shows the text show it anew in the other one. `count` is
// of how many it speaks.
export function say(name: Name, values: Record<string, string | number> = {}, count?: number): string {
  const parts = partsOf(name, language.value, count);
  let text = parts[0]!;
  for (let at = 1; at < parts.length; at += 2) text += `${values[parts[at]!] ?? ''}${parts[at + 1]!}`;
  return text;
}

export function has(name: string): name is Name {
  return Object.hasOwn ? Object.hasOwn(zh, name) : name in zh;
}

// A word of the service's, in words for people where there are some.
export function word(group: string, one: string): string {
  const name = `${group}.${one}`;
  return has(name) ? say(name) : one;
}

export interface Titled { title_zh: string; title_en: string }

export function inLanguage(zhText: string | undefined, enText: string | undefined): string {
  return (language.value === 'en' ? enText || zhText : zhText || enText) ?? '';
}

export const titleOf = (one: Titled): string => inLanguage(one.title_zh, one.title_en);

// As it begins a label: the service's titles of columns are words within a sentence in English.
export const labelOf = (one: Titled): string => titleOf(one).replace(/^[a-z](?![A-Z])/, (first) => first.toUpperCase());
