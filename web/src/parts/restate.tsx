// A stay that was said, corrected or withdrawn where it is read. The ledger keeps what it
// has: another fact takes its place, or withdraws it, with the reason.
import { useSignal } from '@preact/signals';
import { tell, type FactName } from '../base/book';
import { health } from '../base/city';
import { timeText } from '../base/times';
import { say, word } from '../base/words';
import { choicesOf } from '../list/choices';
import { TellForm, type Field } from './tell';

// What a fact says of a stay; it may go on over midnight, where the day's piece ends.
export interface StayFact extends FactName { may_amend: boolean; said: Record<string, unknown>; instead_of: FactName[] }

const asked = ['place', 'start', 'end', 'guessed', 'seat', 'told_by', 'reason'] as const;
const yesNo = ['true', 'false'];
const textOf = (said: StayFact['said'], name: string): string => (said[name] === undefined ? '' : String(said[name]));
const minuteOf = (time: string): string => time.slice(0, 16);

function fieldsOf(said: StayFact['said']): Field[] {
  const title: Record<string, string> = { place: say('restate.place'), guessed: say('restate.guessed'), seat: say('restate.seat'), told_by: say('case.told_by'), reason: say('restate.why') };
  return asked.map((name) => {
    const isTime = name === 'start' || name === 'end', value = name === 'reason' ? '' : textOf(said, name);
    return {
      name, title: title[name] ?? word('field', name), value: isTime ? minuteOf(value) : value, time: isTime, required: name === 'place' || name === 'start' || name === 'reason',
      ...(name === 'place' ? { names: 'place' as const } : name === 'told_by' ? { words: choicesOf('visit.stated told_by') } : name === 'guessed' ? { words: yesNo, group: 'yesno' } : {}), wide: name === 'reason',
    };
  });
}

// What nobody touched stays as it was said, to the second; what was emptied is not said.
export function restated(said: StayFact['said'], typed: Record<string, string>): Record<string, unknown> {
  const rest = Object.entries(said).filter(([name]) => !asked.some((one) => one === name));
  return Object.fromEntries([...rest, ...Object.entries(typed).map(([name, text]) => {
    const before = textOf(said, name);
    if (name === 'guessed') return [name, text === 'true'];
    return [name, (name === 'start' || name === 'end') && minuteOf(before) === text ? before : text];
  })]);
}

const isSame = (said: StayFact['said'], given: Record<string, string>): boolean =>
  asked.every((name) => name === 'reason' || (name === 'start' || name === 'end' ? minuteOf(textOf(said, name)) : textOf(said, name)) === (given[name] ?? ''));

// With what it stands instead of, the oldest first: else the word that was corrected before
// would hold again.
function withdraw(fact: StayFact, title: string, body: Record<string, unknown>): void {
  for (const { device, seq } of [...fact.instead_of].reverse().concat(fact)) tell('fact.withdrawn', title, { ...body, device, seq });
}

function Fact({ fact, onDone }: { fact: StayFact; onDone: () => void }) {
  const act = useSignal<'correct' | 'withdraw' | null>(null), now = health.value?.now, said = fact.said, name: FactName = { device: fact.device, seq: fact.seq };
  const end = textOf(said, 'end'), teller = textOf(said, 'told_by'), seat = textOf(said, 'seat'), place = textOf(said, 'place');
  const choose = (one: 'correct' | 'withdraw') => <button type="button" aria-expanded={act.value === one} onClick={() => { act.value = act.value === one ? null : one; }}>{say(`restate.${one}`)}</button>;
  return (
    <div class="restate" data-fact={`${fact.device}/${fact.seq}`}>
      <p><span class="strong">{timeText(textOf(said, 'start'), now)}{end && ` – ${timeText(end, now)}`}</span> {place}{seat && ` · ${seat}`}
        <span class="second"> · {[teller && word('told_by', teller), say('restate.by', { who: fact.device, seq: fact.seq })].filter(Boolean).join(' · ')}{said.reason ? ` · ${say('restate.reason', { why: textOf(said, 'reason') })}` : ''}</span></p>
      {fact.may_amend ? <div class="acts">{choose('correct')}{choose('withdraw')}</div> : <p class="note">{say('restate.not_yours', { who: fact.device })}</p>}
      {act.value === 'correct' && <TellForm key="correct" kind="visit.stated" title={place} body={{}} instead={name} fields={fieldsOf(said)} onDone={onDone}
        shape={(typed) => restated(said, typed)} warns={(given) => (isSame(said, given) ? say('restate.same') : null)} />}
      {act.value === 'withdraw' && <TellForm key="withdraw" kind="fact.withdrawn" title="" body={{}} onDone={onDone} send={(body) => withdraw(fact, `${place} ${timeText(textOf(said, 'start'), now)}`, body)}
        fields={[{ name: 'reason', title: say('restate.why_withdrawn'), required: true, wide: true }]} />}
    </div>
  );
}

// `recorded`: a record has the stay as well, which stays whatever is said.
export function Restate({ facts, recorded, onDone }: { facts: StayFact[]; recorded: boolean; onDone: () => void }) {
  return (
    <div class="look restating" role="group" aria-label={say('restate.title')}>
      {recorded && <p class="note">{say('restate.recorded')}</p>}
      {facts.map((one) => <Fact key={`${one.device}/${one.seq}`} fact={one} onDone={onDone} />)}
    </div>
  );
}
