// A fact that was recorded by mistake, withdrawn where it is read. The ledger keeps it; what was
// derived from it is derived anew.
import { useSignal } from '@preact/signals';
import { bookOf, tell, type FactName } from '../base/book';
import { session } from '../base/city';
import { say } from '../base/words';
import { TellForm } from './tell';

// Names stand as sender/number, and a sender has strokes of its own.
export function factNamed(text: string): FactName | null {
  const at = text.lastIndexOf('/'), seq = Number(text.slice(at + 1));
  return at > 0 && Number.isInteger(seq) ? { device: text.slice(0, at), seq } : null;
}

// One's own, and for a lead what lists said; the service judges who may what, and this is what
// it never refuses (access/rights/scope.c).
export function mayWithdraw(fact: FactName | null): fact is FactName {
  const who = session.value;
  return fact !== null && who !== null && (fact.device === bookOf(who) || (who.role === 'lead' && fact.device.startsWith('import/')));
}

// `before`: what the fact stands instead of, the newest first; that goes too, the oldest
// first: else the word that was corrected would hold again.
export function Withdraw({ fact, before, title }: { fact: FactName; before: FactName[]; title: string }) {
  const open = useSignal(false), close = () => { open.value = false; };
  return (
    <div class="record small">
      <button type="button" aria-expanded={open.value} onClick={() => { open.value = !open.value; }}>{say('restate.withdraw')}</button>
      {open.value && <TellForm kind="fact.withdrawn" title={title} body={{}} draft={`${fact.device}/${fact.seq}`} onDone={close}
        send={(body) => { for (const { device, seq } of [...before].reverse().concat(fact)) tell('fact.withdrawn', title, { ...body, device, seq }); }}
        fields={[{ name: 'reason', title: say('restate.why_withdrawn'), required: true, wide: true }]} />}
    </div>
  );
}
