// A page, or a part of one, that is fetched when it is first opened, so that the first load stays small.
import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { Refusal } from '../base/ask';
import { Refused, Waiting } from './shown';

export function later<P extends object = Record<string, never>>(fetch: () => Promise<ComponentType<P>>): ComponentType<P> {
  const page = signal<ComponentType<P> | null>(null), failed = signal(false);
  let asked = false;
  return function Later(given: P) {
    if (!asked) {
      asked = true;
      fetch().then((one) => { page.value = one; failed.value = false; }, () => { asked = false; failed.value = true; });
    }
    const Page = page.value;
    if (Page) return <Page {...given} />;
    return failed.value ? <Refused refusal={new Refusal(0, 'gone', '', '')} /> : <Waiting />;
  };
}
