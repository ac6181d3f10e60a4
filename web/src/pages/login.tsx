import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { Refusal } from '../base/ask';
import { lapsed, logIn, session } from '../base/city';
import { forgetLook } from '../parts/look';
import { Refused, Title } from '../parts/shown';
import { say } from '../base/words';

export function LogIn() {
  const refusal = useSignal<Refusal | null>(null);
  const waiting = useSignal(false);
  const form = useRef<HTMLFormElement>(null);

  async function send(event: Event): Promise<void> {
    event.preventDefault();
    if (!form.current) return;
    const given: Record<string, string> = {};
    for (const [name, value] of new FormData(form.current)) if (value !== '') given[name] = String(value);
    refusal.value = null;
    waiting.value = true;
    try {
      const again = lapsed.value;
      await logIn(given);
      if (!again) forgetLook();
    } catch (why) {
      refusal.value = why as Refusal;
      // The user's name stays; what is secret, or good for once, is typed again.
      for (const name of ['password', 'code']) {
        const field = form.current?.elements.namedItem(name);
        if (field instanceof HTMLInputElement) field.value = '';
      }
    }
    waiting.value = false;
  }

  return (
    <section class="login">
      <Title level={1} text={say('login.title')} />
      {lapsed.value && <p class="wrong" role="alert">{say('login.lapsed')}</p>}
      <form ref={form} onSubmit={(event) => { void send(event); }}>
        <label>{say('login.user')}<input name="user" defaultValue={lapsed.value ? session.value?.name ?? '' : ''} autocomplete="username" autocapitalize="off" maxLength={64} required /></label>
        <label>{say('login.password')}
          <input name="password" type="password" autocomplete="current-password" maxLength={256} required /></label>
        <label>{say('login.code')}
          <input name="code" inputMode="numeric" autocomplete="one-time-code" pattern="[0-9]{6}" maxLength={6} aria-describedby="code-note" /></label>
        <button type="submit" class="first" disabled={waiting.value}>{say('log_in')}</button>
        <Refused refusal={refusal.value} />
        <p class="note" id="code-note">{say('login.note')}</p>
      </form>
    </section>
  );
}
