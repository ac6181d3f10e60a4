// Many facts at once, as a page of rows makes them. Each keeps its number until the service
// has said what came of it, so that sending it again is the same fact; a refused one has
// filled its number, and gets another when it is mended. A reply lists a thousand refusals
// to who asks for them: as many lines go in one post, so that each row learns its own reason.
import { Refusal } from './ask';
import { bookOf, inTurn, post, refusalOf, taken } from './book';
import { health, heed, session } from './city';
import { say } from './words';

export interface Line { kind: string; body: Record<string, unknown>; at: string; seq: number; taken: boolean; refusal: Refusal | null; warned?: boolean }

const together = 1000;

// Those whose warning was seen go without being held; what is held keeps its number, and
// says so beside its row.
async function sendSome(lines: Line[], device: string, seen: boolean): Promise<void> {
  const sent = lines.map((one) => ({ device, seq: one.seq, kind: one.kind, at: one.at, body: one.body }));
  const reply = await post(sent, seen, together);
  const refused = new Map(reply.refusals.map((one) => [one.line, one])), warned = new Map(seen ? [] : reply.warnings.map((one) => [one.line, one]));
  lines.forEach((one, at) => {
    const why = refused.get(at + 1), held = warned.get(at + 1);
    one.taken = !why && !held;
    one.warned = held !== undefined;
    one.refusal = why ? refusalOf(why) : held ? new Refusal(400, held.code, held.reason, `${held.hint} ${say('tell.again.sure')}`, { ...held.params, field: held.field }, held.detail) : null;
    if (why) one.seq = 0;
  });
}

// What the network lost keeps its number, and its refusal says that nothing is known.
async function sendAll(lines: Line[], told: (done: number) => void): Promise<void> {
  const who = session.value;
  if (!who) return;
  let done = 0;
  try {
    let next = Math.max((await post([])).next, ...lines.map((one) => one.seq + 1));
    // First those whose fate is not known: their numbers come before.
    const inOrder = [...lines.filter((one) => one.seq > 0), ...lines.filter((one) => one.seq === 0)];
    for (const one of inOrder) {
      if (one.seq === 0) one.seq = next++;
      if (!one.at) one.at = health.value?.now ?? '';
    }
    // As many in one post as share whether their warning was seen.
    for (let size = 0; done < inOrder.length; done += size) {
      const seen = inOrder[done]?.warned === true, run = inOrder.slice(done, done + together), other = run.findIndex((one) => (one.warned === true) !== seen);
      size = other < 0 ? run.length : other;
      await sendSome(run.slice(0, size), bookOf(who), seen);
      told(done + size);
    }
  } catch (why) {
    heed(why);
    for (const one of lines) if (!one.taken && !one.refusal) one.refusal = why as Refusal;
  }
  if (lines.some((one) => one.taken)) taken.value++;
}

export function sendMany(lines: Line[], told: (done: number) => void): Promise<void> {
  for (const one of lines) one.refusal = null;
  return inTurn(() => sendAll(lines, told));
}
