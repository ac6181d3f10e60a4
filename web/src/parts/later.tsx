// A page that is fetched when it is first opened, so that the first load stays small.
import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { Refusal } from '../base/ask';
import { Refused, Waiting } from './shown';

export function later(fetch: () => Promise<ComponentType>): ComponentType {
  const page = signal<ComponentType | null>(null), failed = signal(false);
  let asked = false;
  return function Later() {
    if (!asked) {
      asked = true;
      fetch().then((one) => { page.value = one; failed.value = false; }, () => { asked = false; failed.value = true; });
    }
    const Page = page.value;
    if (Page) return <Page />;
    return failed.value ? <Refused refusal={new Refusal(0, 'gone', '', '')} /> : <Waiting />;
  };
}
