// What a contact is told, in words that can be read out, sent or handed over: their level, the
// day of the last exposure, what to do, whom to call. It is made of nothing that tells whose
// contact they are: no name, no number, no seat, no hour; where few people were together not
// even the kind of place.
import { useSignal } from '@preact/signals';
import { session } from '../base/city';
import { say, word } from '../base/words';

export interface Told { level: string; last_exposure: string | null; place_kind: string | null }

export function noticeText(of: Told, guessable: boolean): string {
  const day = of.last_exposure?.slice(0, 10), kind = guessable || !of.place_kind || of.place_kind === 'encounter' ? null : of.place_kind;
  return [
    say('notice.level', { level: word('level', of.level) }),
    day ? (kind ? say('notice.day_place', { day, place: word('place', kind) }) : say('notice.day', { day })) : '',
    say(of.level === 'general' ? 'notice.do.general' : 'notice.do'),
    say('notice.care'),
    say('notice.call', { office: session.value?.office || word('role', session.value?.role ?? '') }),
    say('notice.silent'),
  ].filter((one) => one !== '').join('\n');
}

export function ContactNotice({ of, guessable }: { of: Told; guessable: boolean }) {
  const open = useSignal(false);
  return (
    <>
      <button type="button" aria-expanded={open.value} onClick={() => { open.value = !open.value; }}>{say('notice.open')}</button>
      {open.value && <div class="contact-notice">
        {guessable && <p class="wrong" role="status">{say('case.guessable')}</p>}
        <textarea readOnly rows={7} aria-label={say('notice.open')} value={noticeText(of, guessable)} onFocus={(event) => event.currentTarget.select()} />
      </div>}
    </>
  );
}
