// Where in the page somebody is: "#/holes?grid=320282&all=true". Nothing after the # leaves
// the browser, but it stays in its history: no id of a person is put there.
import { computed, signal } from '@preact/signals';

const here = signal(location.hash);
window.addEventListener('hashchange', () => { here.value = location.hash; });

export const path = computed(() => here.value.replace(/^#\/?/, '').split('?')[0] ?? '');
export const query = computed(() => new URLSearchParams(here.value.split('?')[1] ?? ''));

export function addressOf(to: string, values: Record<string, string> = {}): string {
  const text = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== '')).toString();
  return `#/${to}${text ? `?${text}` : ''}`;
}

export function go(to: string, values: Record<string, string> = {}): void {
  location.hash = addressOf(to, values);
}

// Changes filters of the page that is shown, and remembers them in its address.
export function filter(changed: Record<string, string>): void {
  go(path.value, { ...Object.fromEntries(query.value), ...changed });
}
