// The city as the page knows it: how the service is, who is logged in, and what came last.
import { batch, computed, effect, signal } from '@preact/signals';
import { ask, carry, Refusal, type AsOf } from './ask';
import { reach, type Action } from './rights';

export interface Health {
  status: 'ok' | 'stopping';
  version: string;
  kind: 'real' | 'drill';
  now: string;
  as_of: AsOf;
  complete: boolean;
}

export interface Session { kind: string; name: string; role: string; grid: string; office: string; csrf?: string }

export const health = signal<Health | null>(null);
export const reached = signal(true); // the last question after health was answered
export const session = signal<Session | null>(null);
// The session is over and who had it has not come back: their page stays, hidden, with all
// that was typed into it, until they have logged in again.
export const lapsed = signal(false);
export const ready = signal(false); // whether somebody is logged in is known
export const listening = signal(false);
// A fact as it is told: where it lies and when, not of whom.
export interface Told { position: number; kind: string; grid: string; at: string; received: string }
export const latest = signal<Told[]>([]); // the newest first
export const renamed = signal(0); // counts up when areas were given names
export const came = signal(0); // counts up when facts came: pages read anew

// Parts of the city's time that change seldom, for pages that would be drawn anew with
// each of its seconds: the day, the minute, the zone ("+08:00").
export const today = computed(() => health.value?.now.slice(0, 10) ?? '');
export const minute = computed(() => health.value?.now.slice(0, 16) ?? '');
export const zone = computed(() => health.value?.now.slice(-6) ?? '+00:00');

export const role = computed(() => session.value?.role);
export const may = (action: Action): boolean => reach(role.value, action) !== '-';
export const mayRows = (action: Action): boolean => reach(role.value, action) === '+';

// ---- health ----

const healthEvery = 5000, healthPatience = 8000;

export async function askHealth(): Promise<void> {
  try {
    health.value = await ask<Health>('/healthz', { patience: healthPatience });
    reached.value = true;
  } catch {
    reached.value = false;
  }
}

// ---- session ----

// Whether a session may be there is kept beside it: who never logged in asks for none.
const kept = 'weft-session';

// Somebody else has logged in, and the page begins anew: nothing holds it back.
export const handing = { over: false };

export function enter(who: Session | null): void {
  if (who) localStorage.setItem(kept, '1');
  else localStorage.removeItem(kept);
  carry(who?.csrf);
  // Somebody else: nothing of what the first had before them may be left.
  if (who && lapsed.value && session.value?.name !== who.name) {
    handing.over = true;
    location.reload();
    return;
  }
  batch(() => {
    if (lapsed.value && who) came.value++;
    lapsed.value = false;
    session.value = who;
  });
}

export async function logIn(given: Record<string, string>): Promise<void> {
  enter(await ask<Session>('/v1/login', { method: 'POST', body: given }));
}

export async function logOut(): Promise<void> {
  try {
    await ask('/v1/logout', { method: 'POST' });
  } catch { /* it is over all the same */ }
  enter(null);
}

// What was refused because the session is over leads to the log-in, without losing the page.
export function heed(refusal: unknown): void {
  if (!(refusal instanceof Refusal) || refusal.status !== 401) return;
  if (session.value) lapsed.value = true;
  else enter(null);
}

async function askSession(): Promise<void> {
  if (localStorage.getItem(kept)) {
    try {
      enter(await ask<Session>('/v1/session'));
    } catch (refusal) {
      heed(refusal);
    }
  }
  ready.value = true;
}

// ---- events ----

const gather = 500, atOnce = 40, again = 5000, remembered = 12, healthLeast = 1000;

// Facts as they come, the first after a silence at once, those of a stream gathered, so that
// a page is drawn once for all of them. The browser comes again by itself with
// Last-Event-ID, and where it gives up (the service was away) this does, from where it was.
function listen(): () => void {
  let source: EventSource | null = null, last = '', timer = 0, ended = false, told = -Infinity, asked = -Infinity, news: string[] = [], names = false;
  const tellAll = () => {
    timer = 0;
    told = performance.now();
    batch(() => {
      if (news.length > 0) latest.value = [...news.reverse().map((one) => JSON.parse(one) as Told), ...latest.value].slice(0, remembered);
      if (names) renamed.value++;
      came.value++;
    });
    news = [];
    names = false;
    if (told - asked < healthLeast) return;
    asked = told;
    void askHealth();
  };
  const soon = (event: Event) => {
    last = (event as MessageEvent).lastEventId || last;
    if (timer === 0) timer = window.setTimeout(tellAll, performance.now() - told > gather ? atOnce : gather);
  };
  const remember = (event: Event) => {
    const fact = (event as MessageEvent<string>).data;
    names ||= fact.includes('"grid.renamed"');
    if (news.push(fact) > remembered) news.shift();
  };
  const open = () => {
    if (ended) return;
    source = new EventSource(last ? `/v1/events?after=${last}` : '/v1/events');
    source.onopen = () => { listening.value = true; };
    source.addEventListener('fact', soon);
    source.addEventListener('fact', remember);
    source.addEventListener('missed', soon);
    source.onerror = () => {
      listening.value = false;
      if (source?.readyState !== EventSource.CLOSED) return;
      source.close();
      window.setTimeout(open, again);
    };
  };
  open();
  return () => {
    ended = true;
    listening.value = false;
    window.clearTimeout(timer);
    source?.close();
  };
}

export async function begin(): Promise<void> {
  effect(() => (may('events') && !lapsed.value ? listen() : undefined));
  window.setInterval(() => { if (!document.hidden) void askHealth(); }, healthEvery);
  document.addEventListener('visibilitychange', () => { if (!document.hidden) { came.value++; void askHealth(); } });
  await Promise.all([askHealth(), askSession()]);
}
