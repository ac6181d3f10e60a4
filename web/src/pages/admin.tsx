// Administration: who may come in and with what, by which protocol the city works, what was
// refused, and what of the machine could end badly. Nobody's name, telephone or id is here.
import { signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { ask, withQuery, type AsOf, type Question, type Refusal } from '../base/ask';
import { came, health, heed, may, role, session } from '../base/city';
import { useAnswer } from '../base/load';
import { addressOf, path } from '../base/route';
import { makes } from '../base/rights';
import { numberText, timeText } from '../base/times';
import { inLanguage, say, word } from '../base/words';
import { choicesOf } from '../list/choices';
import { AsOfText, Pager, Refused, Table, Title, Waiting, type Column } from '../parts/shown';
import { GridText } from '../parts/links';
import type { Name } from '../texts/zh';

type Row = Record<string, string | number | boolean | null>;
interface Rows { rows: Row[]; next?: string; as_of: AsOf; complete: boolean }

const changed = signal(0); // counts up when an account was changed here
const text = (name: string, title: Name): Column<Row> => ({ name, title: say(title), show: (row) => String(row[name] ?? '') || '–' });
const time = (name: string, title: Name): Column<Row> =>
  ({ name, title: say(title), show: (row) => <span class="whole">{timeText(row[name] as string | null, health.value?.now) || '–'}</span> });
const roleOf = (title: Name): Column<Row> => ({ name: 'role', title: say(title), show: (row) => word('role', String(row.role ?? '')) });
const gridOf: () => Column<Row> = () => ({ name: 'grid', title: say('grid'), show: (row) => (row.grid ? <GridText grid={String(row.grid)} /> : say('city.all')) });
const active = (): Column<Row> => ({ name: 'active', title: say('admin.active'), show: (row) => (row.active ? say('admin.is_active') : <span class="second">{say('admin.is_over')}</span>) });

// ---- what is changed ----

// What is shown once, until somebody says that they have it. Only memory holds it.
const secret = signal<{ title: string; lines: [string, string][] } | null>(null);

function Once() {
  const now = secret.value;
  if (!now) return null;
  return (
    <section class="wrong once" role="alert">
      <p class="strong">{now.title}</p>
      <dl class="pairs">{now.lines.map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name}=`}><code>{value}</code></dd>])}</dl>
      <p class="second">{say('admin.once')}</p>
      <button type="button" class="first" onClick={() => { secret.value = null; }}>{say('admin.have_it')}</button>
    </section>
  );
}

interface Input { name: string; title: Name; words?: string[]; required?: boolean; value?: string; time?: boolean }

// A form that asks the service for a change; what was typed stays when it is refused.
function Change({ title, inputs, send, onDone, danger = false }: {
  title: string; inputs: Input[]; send: (given: Record<string, string>) => Promise<void>; onDone: () => void; danger?: boolean;
}) {
  const refusal = useSignal<Refusal | null>(null), busy = useSignal(false);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const given = Object.fromEntries([...new FormData(event.currentTarget as HTMLFormElement)].map(([name, value]) => [name, String(value).trim()]).filter(([, value]) => value !== ''));
    busy.value = true;
    refusal.value = null;
    send(given).then(() => { changed.value++; onDone(); }, (why: Refusal) => { heed(why); refusal.value = why; busy.value = false; });
  };
  return (
    <section class="look" aria-label={title}>
      <p class="strong">{title}</p>
      <form onSubmit={submit}>
        {inputs.map((one) => (
          <label key={one.name}>{say(one.title)}
            {one.words ? <select name={one.name} required={one.required ?? false}>
              {one.words.map((two) => <option key={two} value={two} selected={two === one.value}>{word('role', two)}</option>)}
            </select> : one.time ? <input name={one.name} type="datetime-local" />
              : <input name={one.name} required={one.required ?? false} maxLength={64} autocomplete="off" defaultValue={one.value ?? ''} />}
          </label>
        ))}
        <button type="submit" class={danger ? '' : 'first'} disabled={busy.value}>{title}</button>
        <button type="button" onClick={onDone}>{say('tell.cancel')}</button>
      </form>
      <Refused refusal={refusal.value} />
    </section>
  );
}

const post = (address: string, body: unknown, method: Question['method'] = 'POST') => ask<Record<string, string>>(address, { method, body });
const end = async (address: string, given: Record<string, string>) => { await ask(address, { method: 'DELETE', ...(given.reason ? { body: { reason: given.reason } } : {}) }); };

async function newSecret(user: string, codes: boolean): Promise<void> {
  const made = await post(`/v1/users/${encodeURIComponent(user)}/secret`, codes ? { codes } : {});
  const lines: [string, string][] = [];
  if (made.password) lines.push([say('login.password'), made.password]);
  if (made.totp) lines.push([say('admin.totp'), made.totp]);
  secret.value = { title: say('admin.secret_of', { user }), lines };
}

async function newToken(given: Record<string, string>): Promise<void> {
  const made = await post('/v1/tokens', given);
  secret.value = { title: say('admin.token_of', { device: given.device ?? given.user ?? '' }), lines: [[say('admin.token'), made.token ?? '']] };
}

// ---- a view of accounts, page by page ----

function Accounts({ view, columns, filters }: { view: string; columns: Column<Row>[]; filters: [string, Name][] }) {
  const tokens = useSignal<string[]>([]), given = useSignal<Record<string, string>>({});
  const address = withQuery(`/v1/views/${view}`, { ...given.value, limit: 50, after: tokens.value[tokens.value.length - 1] });
  const { answer, refusal } = useAnswer<Rows>(address, {}, [changed.value, came.value]);
  const next = answer?.next;
  return (
    <>
      <form class="filters" onSubmit={(event) => {
        event.preventDefault();
        tokens.value = [];
        given.value = Object.fromEntries([...new FormData(event.currentTarget)].map(([name, value]) => [name, String(value).trim()]));
      }}>
        {filters.map(([name, title], at) => <label key={name}>{say(title)}
          {name === 'role' ? <select name="role"><option value="">{say('all')}</option>{choicesOf('user.added role').map((one) => <option key={one} value={one}>{word('role', one)}</option>)}</select>
            : name === 'active' ? <select name="active"><option value="">{say('all')}</option><option value="true">{say('admin.is_active')}</option><option value="false">{say('admin.is_over')}</option></select>
              : <input name={name} maxLength={64} autocomplete="off" {...(at === 0 ? { 'data-filter': true } : {})} />}</label>)}
        <button type="submit">{say('apply')}</button>
        <AsOfText of={answer?.as_of} complete={answer?.complete} />
      </form>
      <Refused refusal={refusal} />
      {answer ? answer.rows.length > 0 ? <>
        <Table caption={view} columns={columns} rows={answer.rows} />
        <Pager from={tokens.value.length * 50} shown={answer.rows.length}
          before={tokens.value.length > 0 ? () => { tokens.value = tokens.value.slice(0, -1); } : null}
          next={next ? () => { tokens.value = [...tokens.value, next]; } : null} />
      </> : <p>{say('rows.none')}</p> : !refusal && <Waiting />}
    </>
  );
}

// The views of accounts; a lead reads those of their grid, and not the tokens.
const reads = (): boolean => ['lead', 'operator', 'auditor'].includes(role.value ?? '');
const readsTokens = (): boolean => reads() && role.value !== 'lead';
// Whom one could have made, one may change.
const manages = (row: Row): boolean => mayMake().includes(String(row.role));
const mayMake = (): string[] => makes[role.value ?? ''] ?? [];

// ---- users ----

type Doing = { what: string; row: Row } | null;
const reason: Input = { name: 'reason', title: 'admin.reason', required: true };

function Users() {
  const doing = useSignal<Doing>(null), mine = session.value, stop = () => { doing.value = null; };
  const acts = (row: Row): ComponentChildren => row.active && manages(row) && (
    <span class="acts">
      <button type="button" onClick={() => { doing.value = { what: 'change', row }; }}>{say('admin.change')}</button>
      <button type="button" onClick={() => { doing.value = { what: 'secret', row }; }}>{say('admin.secret')}</button>
      {row.user_id !== mine?.name && <button type="button" onClick={() => { doing.value = { what: 'end', row }; }}>{say('admin.disable')}</button>}
    </span>
  );
  const columns = [text('user_id', 'login.user'), roleOf('me.role'), gridOf(), text('office', 'me.office'), active(), time('added_at', 'admin.since'), time('removed_at', 'admin.ended'),
    ...(may('accounts') ? [{ name: 'acts', title: say('admin.acts'), show: acts }] : [])];
  const now = doing.value, user = String(now?.row.user_id ?? ''), address = `/v1/users/${encodeURIComponent(user)}`;
  return (
    <>
      {may('accounts') && !now && <div class="pager"><button type="button" onClick={() => { doing.value = { what: 'add', row: {} }; }}>{say('admin.add_user')}</button></div>}
      {now?.what === 'add' && <Change title={say('admin.add_user')} onDone={stop} inputs={[
        { name: 'user', title: 'login.user', required: true }, { name: 'role', title: 'me.role', words: mayMake(), required: true },
        { name: 'grid', title: 'admin.grid', value: mine?.grid ?? '' }, { name: 'office', title: 'me.office' }]}
      send={async (given) => { await post('/v1/users', given); await newSecret(given.user ?? '', given.role !== 'resident'); }} />}
      {now?.what === 'change' && <Change key={user} title={say('admin.change_user', { user })} onDone={stop} inputs={[
        { name: 'role', title: 'me.role', words: mayMake().includes(String(now.row.role)) ? mayMake() : [String(now.row.role), ...mayMake()], value: String(now.row.role) },
        { name: 'grid', title: 'admin.grid', value: String(now.row.grid ?? '') }, { name: 'office', title: 'me.office', value: String(now.row.office ?? '') }]}
      send={async (given) => { await post(address, Object.fromEntries(Object.entries(given).filter(([name, value]) => String(now.row[name] ?? '') !== value)), 'PATCH'); }} />}
      {now?.what === 'secret' && <Change key={user} title={say('admin.new_secret', { user })} onDone={stop} inputs={[]} send={() => newSecret(user, now.row.role !== 'resident')} />}
      {now?.what === 'end' && <Change key={user} danger title={say('admin.disable_user', { user })} onDone={stop} inputs={[reason]} send={(given) => end(address, given)} />}
      {reads() ? <Accounts view="register/users" columns={columns} filters={[['office', 'me.office'], ['role', 'me.role'], ['active', 'admin.active']]} /> : <p class="note">{say('admin.not_listed')}</p>}
    </>
  );
}

// ---- devices and tokens ----

function Devices() {
  const doing = useSignal<Doing>(null), stop = () => { doing.value = null; }, now = doing.value;
  const button = (what: string, row: Row, title: Name) => <button type="button" onClick={() => { doing.value = { what, row }; }}>{say(title)}</button>;
  const devices = [text('device', 'admin.device'), roleOf('me.role'), gridOf(), text('office', 'me.office'), active(), time('enrolled_at', 'admin.since'),
    { name: 'clock', title: say('admin.clock'), show: (row: Row) => (typeof row.clock_offset_s === 'number' ? say('admin.clock_off', { seconds: row.clock_offset_s > 0 ? `+${row.clock_offset_s}` : row.clock_offset_s }) : '–') },
    ...(may('accounts') ? [{ name: 'acts', title: say('admin.acts'), show: (row: Row) => row.active && manages(row) && <span class="acts">{button('token', row, 'admin.new_token')}{button('end', row, 'admin.revoke')}</span> }] : [])];
  const tokens = [{ name: 'token', title: say('admin.token_id'), show: (row: Row) => <code>{String(row.token).slice(0, 12)}</code> },
    { name: 'whose', title: say('admin.whose'), show: (row: Row) => String(row.device || row.user_id || '–') }, roleOf('me.role'), active(), time('until', 'admin.until'), text('maker', 'admin.maker'), time('issued_at', 'admin.since'),
    ...(may('accounts') ? [{ name: 'acts', title: say('admin.acts'), show: (row: Row) => row.active && button('end_token', row, 'admin.revoke') }] : [])];
  const device = String(now?.row.device ?? ''), id = String(now?.row.token ?? '');
  return (
    <>
      {may('accounts') && !now && <div class="pager">{button('add', {}, 'admin.enroll')}</div>}
      {now?.what === 'add' && <Change title={say('admin.enroll')} onDone={stop} inputs={[
        { name: 'device', title: 'admin.device', required: true }, { name: 'role', title: 'me.role', words: mayMake().filter((one) => one !== 'resident'), required: true, value: 'sampler' },
        { name: 'grid', title: 'admin.grid', value: session.value?.grid ?? '' }, { name: 'office', title: 'me.office' }, { name: 'until', title: 'admin.token_until', time: true }]} send={newToken} />}
      {now?.what === 'token' && <Change key={device} title={say('admin.new_token_of', { device })} onDone={stop} inputs={[{ name: 'until', title: 'admin.token_until', time: true }]}
        send={(given) => newToken({ ...given, device })} />}
      {now?.what === 'end' && <Change key={device} danger title={say('admin.revoke_device', { device })} onDone={stop} inputs={[reason]} send={(given) => end(`/v1/devices/${encodeURIComponent(device)}`, given)} />}
      {now?.what === 'end_token' && <Change key={id} danger title={say('admin.revoke_token', { id: id.slice(0, 12) })} onDone={stop} inputs={[reason]} send={(given) => end(`/v1/tokens/${encodeURIComponent(id)}`, given)} />}
      {reads() ? <>
        <Accounts view="register/devices" columns={devices} filters={[['office', 'me.office'], ['role', 'me.role'], ['active', 'admin.active']]} />
        {readsTokens() && <Title text={say('admin.tokens')} />}
        {readsTokens() && <Accounts view="register/tokens" columns={tokens} filters={[['device', 'admin.device'], ['user_id', 'login.user'], ['active', 'admin.active']]} />}
      </> : <p class="note">{say('admin.not_listed')}</p>}
    </>
  );
}

// ---- the protocol ----

interface Figure { name: string; label_zh: string; label_en: string; text_zh: string; text_en: string; value: number | null; unit_zh: string; unit_en: string; terms_zh: string; terms_en: string; source: string; source_title_zh: string; source_title_en: string; sure: string; why_zh: string; why_en: string }
interface Protocol { about: { name: string; title_zh: string; title_en: string; pathogen: string; pathogen_zh: string; in_force: string }; rows: Figure[] }

const sureness = ['A', 'B', 'C', 'D'];

function ProtocolPart() {
  const { answer, refusal } = useAnswer<Protocol>('/v1/protocol', {}, []), wanted = useSignal(''), sure = useSignal('');
  if (!answer) return refusal ? <Refused refusal={refusal} /> : <Waiting />;
  const fits = (row: Figure) => (!sure.value || row.sure === sure.value) &&
    [row.name, row.label_zh, row.label_en, row.source, row.source_title_zh, row.source_title_en].join(' ').toLowerCase().includes(wanted.value.trim().toLowerCase());
  const unit = (row: Figure) => inLanguage(row.unit_zh, row.unit_en).replace(/^1$/, '');
  const columns: Column<Figure>[] = [
    { name: 'label', title: say('admin.number'), show: (row) => <>{inLanguage(row.label_zh, row.label_en)}<span class="soft"> {row.name}</span></> },
    { name: 'value', title: say('admin.value'), show: (row) => (row.value === null ? inLanguage(row.text_zh, row.text_en) : <span class="whole strong">{Number(row.value.toPrecision(10))} {unit(row)}</span>) },
    { name: 'terms', title: say('admin.terms'), show: (row) => inLanguage(row.terms_zh, row.terms_en) || '–' },
    { name: 'source', title: say('admin.source'), show: (row) => inLanguage(row.source_title_zh, row.source_title_en) || row.source },
    { name: 'sure', title: say('admin.sure'), show: (row) => <span class={row.sure === 'D' ? 'strong' : ''} title={say(`admin.sure.${row.sure}` as Name)}>{row.sure}</span> },
    { name: 'why', title: say('admin.why'), show: (row) => inLanguage(row.why_zh, row.why_en) || '–' },
  ];
  const rows = answer.rows.filter(fits);
  return (
    <>
      <dl class="pairs">
        <dt>{say('admin.edition')}</dt><dd><span class="strong">{inLanguage(answer.about.title_zh, answer.about.title_en)}</span> <code>{answer.about.name}</code></dd>
        <dt>{say('admin.pathogen')}</dt><dd>{inLanguage(answer.about.pathogen_zh, answer.about.pathogen)}</dd>
        <dt>{say('admin.in_force')}</dt><dd>{answer.about.in_force || say('admin.not_read')}</dd>
        {sureness.map((one) => [<dt key={one}>{one} · {numberText(answer.rows.filter((row) => row.sure === one).length)}</dt>, <dd key={`${one}=`}>{say(`admin.sure.${one}` as Name)}</dd>])}
      </dl>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <label>{say('api.find')}<input type="search" data-filter value={wanted.value} onInput={(event) => { wanted.value = event.currentTarget.value; }} /></label>
        <label>{say('admin.sure')}<select value={sure.value} onChange={(event) => { sure.value = event.currentTarget.value; }}>
          <option value="">{say('all')}</option>{sureness.map((one) => <option key={one} value={one}>{one}</option>)}</select></label>
        <button type="button" onClick={() => window.print()}>{say('print')}</button>
      </form>
      {rows.length > 0 ? <Table caption={say('admin.protocol')} columns={columns} rows={rows} keyOf={(row) => row.name} /> : <p>{say('rows.none')}</p>}
    </>
  );
}

// ---- refused rows ----

interface RefusedReason { code: string; rows: number; message: string; hint: string }
interface RefusedFile { file: string; received: string; kind: string; rows: number; unreadable: number; damaged: boolean; reasons: RefusedReason[] }

function RefusedPart() {
  const { answer, refusal } = useAnswer<{ rows: RefusedFile[]; left: number }>('/v1/refused', {}, []);
  if (!answer) return refusal ? <Refused refusal={refusal} /> : <Waiting />;
  if (answer.rows.length === 0) return <p>{say('admin.refused.none')}</p>;
  const reasons = new Map<string, RefusedReason & { files: number }>();
  for (const one of answer.rows.flatMap((file) => file.reasons)) {
    const key = `${one.code} ${one.message}`, had = reasons.get(key); // values of one file are not another's
    reasons.set(key, { ...one, rows: one.rows + (had?.rows ?? 0), files: 1 + (had?.files ?? 0) });
  }
  const now = health.value?.now;
  const byReason: Column<RefusedReason & { files: number }>[] = [
    { name: 'rows', title: say('admin.refused.rows'), number: true, show: (row) => numberText(row.rows) },
    { name: 'message', title: say('admin.refused.why'), show: (row) => <>{row.message} <code class="soft">{row.code}</code></> },
    { name: 'hint', title: say('admin.do'), show: (row) => row.hint || '–' },
    { name: 'files', title: say('admin.refused.files'), number: true, show: (row) => numberText(row.files) },
  ];
  const byFile: Column<RefusedFile>[] = [
    { name: 'received', title: say('admin.refused.received'), show: (row) => <span class="whole">{timeText(row.received, now)}</span> },
    { name: 'kind', title: say('kind'), show: (row) => word('import', row.kind) },
    { name: 'rows', title: say('admin.refused.rows'), number: true, show: (row) => numberText(row.rows) },
    { name: 'file', title: say('admin.refused.file'), show: (row) => <code>{row.file}</code> },
    { name: 'note', title: say('admin.refused.readable'), show: (row) => (row.damaged ? say('admin.refused.damaged') : row.unreadable > 0 ? say('admin.refused.unreadable', { count: numberText(row.unreadable) }) : say('yes')) },
  ];
  return (
    <>
      <p class="note">{say('admin.refused.note')}</p>
      <Table caption={say('admin.refused.why')} columns={byReason} rows={[...reasons.values()].sort((a, b) => b.rows - a.rows)} keyOf={(row) => `${row.code} ${row.message}`} />
      <Title text={say('admin.refused.files')} />
      <Table caption={say('admin.refused.files')} columns={byFile} rows={answer.rows} keyOf={(row) => row.file} />
      {answer.left > 0 && <p class="note">{say('admin.refused.left', { count: numberText(answer.left) })}</p>}
    </>
  );
}

// ---- the doctor ----

interface Check { check: string; level: 'ok' | 'look' | 'bad'; code: string; message: string; detail: string; hint: string }
const order = { bad: 0, look: 1, ok: 2 };

function DoctorPart() {
  const again = useSignal(0), { answer, refusal, waiting } = useAnswer<{ rows: Check[] }>('/v1/doctor', {}, [again.value]);
  // When it was looked: what it found is of that moment, however long the page stays open.
  const looked = useMemo(() => (answer ? health.peek()?.now ?? '' : ''), [answer]);
  if (!answer) return refusal ? <Refused refusal={refusal} /> : <Waiting />;
  // How old the last backup is stands first of its level: what nobody sees until it is needed.
  const rank = (row: Check) => order[row.level] * 2 + (row.check.startsWith('backup') ? 0 : 1);
  const rows = [...answer.rows].sort((a, b) => rank(a) - rank(b)), count = (level: string) => rows.filter((one) => one.level === level).length;
  const columns: Column<Check>[] = [
    { name: 'level', title: say('admin.level'), show: (row) => <span class={row.level === 'bad' ? 'tag' : row.level === 'look' ? 'strong' : 'second'}>{say(`admin.level.${row.level}`)}</span> },
    { name: 'check', title: say('admin.check'), show: (row) => word('check', row.check) },
    { name: 'message', title: say('admin.found'), show: (row) => <>{row.message}{row.level !== 'ok' && row.detail && <span class="second"> {row.detail}</span>}</> },
    { name: 'hint', title: say('admin.do'), show: (row) => ((row.level === 'ok' && row.code !== 'doctor.backup_none') || !row.hint ? '–' : row.hint) },
  ];
  return (
    <>
      <div class="figures">
        <span><span class={count('bad') > 0 ? 'key late' : 'key'}>{count('bad')}</span>{say('admin.level.bad')}</span>
        <span><span class="key">{count('look')}</span>{say('admin.level.look')}</span>
        <span><span class="key">{count('ok')}</span>{say('admin.level.ok')}</span>
        <button type="button" disabled={waiting} onClick={() => { again.value++; }}>{say('admin.again')}</button>
        {looked && <span class="as-of">{say('as_of', { at: timeText(looked) })}</span>}
      </div>
      <Table caption={say('admin.doctor')} columns={columns} rows={rows} keyOf={(row) => row.check + row.code} />
    </>
  );
}

// ---- the page ----

interface Part { name: string; title: Name; note: Name; may: () => boolean; show: () => ComponentChildren }
const parts: Part[] = [
  { name: 'users', title: 'admin.users', note: 'admin.users.note', may: () => may('accounts') || reads(), show: () => <Users /> },
  { name: 'devices', title: 'admin.devices', note: 'admin.devices.note', may: () => may('accounts') || reads(), show: () => <Devices /> },
  { name: 'doctor', title: 'admin.doctor', note: 'admin.doctor.note', may: () => may('metrics'), show: () => <DoctorPart /> },
  { name: 'refused', title: 'admin.refused', note: 'admin.refused.about', may: () => may('metrics'), show: () => <RefusedPart /> },
  { name: 'protocol', title: 'admin.protocol', note: 'admin.protocol.note', may: () => true, show: () => <ProtocolPart /> },
];

export function AdminPage() {
  const mine = parts.filter((one) => one.may()), wanted = path.value.split('/')[1], part = mine.find((one) => one.name === wanted) ?? mine[0]!;
  useEffect(() => () => { secret.value = null; }, [part.name]);
  return (
    <section>
      <Title level={1} text={say('nav.admin')}>
        <nav class="parts" aria-label={say('nav.admin')}>
          {mine.map((one) => <a key={one.name} href={addressOf(`admin/${one.name}`)} aria-current={one === part ? 'page' : undefined}>{say(one.title)}</a>)}
        </nav>
      </Title>
      <p class="note">{say(part.note)}</p>
      <Once />
      <div key={part.name}>{part.show()}</div>
    </section>
  );
}
