// What a contact is told, in words that can be read out, sent or handed over: their level, the
// day of the last exposure, what to do, whom to call. It is made of nothing that tells whose
// contact they are: no name, no number, no seat, no hour; the kind of place only where the
// service says that enough people were there (docs/concepts/telling.md).
import { useSignal } from '@preact/signals';
import { session } from '../base/city';
import { say, word } from '../base/words';

export interface Told { level: string; told_day: string | null; told_kind: string | null; guessable: boolean; guess_why: string | null }

export const guessWarning = (of: Told): string => `${say('case.guessable')} ${word('guess', of.guess_why ?? 'unknown')}`;

export function noticeText(of: Told): string {
  const day = of.told_day, kind = of.told_kind;
  return [
    say('notice.level', { level: word('level', of.level) }),
    day ? (kind ? say('notice.day_place', { day, place: word('place', kind) }) : say('notice.day', { day })) : '',
    say(of.level === 'general' ? 'notice.do.general' : 'notice.do'),
    say('notice.care'),
    say('notice.call', { office: session.value?.office || word('role', session.value?.role ?? '') }),
    say('notice.silent'),
  ].filter((one) => one !== '').join('\n');
}

export function ContactNotice({ of }: { of: Told }) {
  const open = useSignal(false);
  return (
    <>
      <button type="button" aria-expanded={open.value} onClick={() => { open.value = !open.value; }}>{say('notice.open')}</button>
      {open.value && <div class="contact-notice">
        {of.guessable && <p class="wrong" role="status">{guessWarning(of)}</p>}
        <textarea readOnly rows={7} aria-label={say('notice.open')} value={noticeText(of)} onFocus={(event) => event.currentTarget.select()} />
      </div>}
    </>
  );
}
