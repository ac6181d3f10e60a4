// Facts that somebody says on a page: each is sent until it is taken or refused, and what
// was typed stays until then. A fact keeps its number in the user's book, so that sending
// it again after the network was gone is the same fact. Only memory holds them: they name
// people.
import { effect, signal } from '@preact/signals';
import { fetchFrom, Refusal } from './ask';
import { handing, health, heed, lapsed, session, type Session } from './city';

// The name of a fact: whose book, and which number in it.
export interface FactName { device: string; seq: number }
export interface Entry {
  key: number;
  kind: string;
  title: string;
  body: Record<string, unknown>;
  at: string;
  seq: number; // 0: not numbered yet
  instead: FactName | null; // the fact that this one corrects
  refusal: Refusal | null; // why it has not been taken; null: under way
  warning: Refusal | null; // what they should know before it is taken: it was held for that
}
export interface Said { line: number; code: string; field: string; reason: string; detail: string; params: Record<string, string>; hint: string }
export interface Reply { accepted: number; had: number; held: number; refusals: Said[]; warnings: Said[]; answers: Said[]; next: number }
export const refusalOf = (one: Said): Refusal => new Refusal(400, one.code, one.reason, one.hint, { ...one.params, ...(one.field ? { field: one.field } : {}) }, one.detail);

export const waiting = signal<Entry[]>([]);
export const taken = signal(0); // counts up with each fact that was taken
export const settled = signal(0); // the same, once the rows hold it: they follow within a second
const rowsAfter = 1200;
// What the service answers at once to who reports something of themselves.
export const answer = signal<Refusal | null>(null);
// What is typed into a form and was not sent yet, by what the form is about: it is there
// again when the form is, whatever was looked at meanwhile.
const drafts = new Map<string, unknown>();
export const draftOf = <Kept>(of: string): Kept | undefined => drafts.get(of) as Kept | undefined;
export function keepDraft(of: string, kept: unknown): void {
  if (kept === undefined) drafts.delete(of);
  else drafts.set(of, kept);
}
export const forgetDrafts = (): void => drafts.clear();
let keys = 0, next = 0, chain: Promise<void> = Promise.resolve();

const again = 5000;

// To the service, as one batch; what follows the greatest number is known afterwards. A fact
// of which there is a warning is held until who says it has seen that (`seen`). `refusals`:
// how many reasons the reply lists at most.
export async function post(lines: unknown[], seen = false, refusals = 100): Promise<Reply> {
  const reply = await fetchFrom(`/v1/facts?refusals=${refusals}${seen ? '' : '&warned=hold'}`, { method: 'POST', lines });
  const said = await reply.json() as Reply;
  next = said.next;
  return said;
}

export const bookOf = (who: Session): string => `${who.kind === 'device' ? '' : 'user/'}${who.name}`;

function change(key: number, changed: Partial<Entry>): void {
  waiting.value = waiting.value.map((one) => (one.key === key ? { ...one, ...changed } : one));
}

// What became of an entry that waits no more.
export const outcomes = new Map<number, 'taken' | 'dropped'>();

function end(key: number, outcome: 'taken' | 'dropped'): void {
  outcomes.set(key, outcome);
  waiting.value = waiting.value.filter((one) => one.key !== key);
}

export const forget = (key: number): void => end(key, 'dropped');

async function send(key: number): Promise<void> {
  const entry = waiting.value.find((one) => one.key === key), who = session.value;
  if (!entry || !who) return;
  change(key, { refusal: null, warning: null });
  try {
    let { seq } = entry;
    if (seq === 0) {
      await post([]); // another page of theirs may have gone on with the book
      seq = next;
      change(key, { seq });
    }
    const reply = await post([{ device: bookOf(who), seq, kind: entry.kind, at: entry.at, ...(entry.instead ? { instead_of: entry.instead } : {}), body: entry.body }], entry.warning !== null);
    const refused = reply.refusals[0], warned = reply.warnings[0];
    if (refused) throw refusalOf(refused);
    if (reply.held > 0 && warned) {
      change(key, { warning: refusalOf(warned) });
      return;
    }
    const said = reply.answers[0];
    if (said) answer.value = refusalOf(said);
    end(key, 'taken');
    taken.value++;
    window.setTimeout(() => { settled.value++; }, rowsAfter);
    return;
  } catch (why) {
    heed(why);
    const refusal = why as Refusal;
    change(key, { refusal, warning: entry.warning });
    if (refusal.status === 0) window.setTimeout(() => sendAgain(key), again);
  }
}

// What was doubted or refused, with another value in the field that it was about; a fact of
// its own, for the first was not taken.
export function mend(key: number, field: string, value: string): void {
  const entry = waiting.value.find((one) => one.key === key);
  if (!entry) return;
  change(key, { ...(field === 'at' ? { at: value } : { body: { ...entry.body, [field]: value } }), seq: 0, refusal: null, warning: null });
  sendAgain(key);
}

// One after another: the numbers of a book rise.
export function inTurn(act: () => Promise<void>): Promise<void> {
  chain = chain.then(act);
  return chain;
}

export function sendAgain(key: number): void {
  void inTurn(() => send(key));
}

// What is not taken stands in `waiting` with the reason, under the key. `at`: when it
// happened, in the city's time; empty: now. `instead`: nothing is changed in the ledger, a
// fact takes the place of another.
export function tell(kind: string, title: string, body: Record<string, unknown>, at = '', instead: FactName | null = null): number {
  const key = ++keys;
  waiting.value = [...waiting.value, { key, kind, title, body, at: at || (health.value?.now ?? ''), seq: 0, instead, refusal: null, warning: null }];
  sendAgain(key);
  return key;
}

// Who comes back after their session was over sends what it kept back; who is somebody else
// finds nothing of the first.
let whose = '';
effect(() => {
  const who = session.value;
  if (!who || lapsed.value) return;
  if (whose && whose !== who.name) {
    waiting.value = [];
    forgetDrafts();
  } else for (const one of waiting.peek()) if (one.refusal?.status === 401) sendAgain(one.key);
  whose = who.name;
});

window.addEventListener('beforeunload', (event) => { if (!handing.over && (waiting.value.length > 0 || drafts.size > 0)) event.preventDefault(); });
