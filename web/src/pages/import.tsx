// A line list out of a file: looked at first, then imported; what was refused comes back to
// be mended. The file stays in memory with what was chosen, on whichever page its user is.
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ask, Refusal, withQuery } from '../base/ask';
import { saveCsv } from '../base/csv';
import { heed, session } from '../base/city';
import { taken } from '../base/book';
import { numberText, timeText } from '../base/times';
import { inLanguage, language, say, word } from '../base/words';
import { describedKinds, type FieldAbout, type KindAbout } from '../list/described';
import { choicesOf } from '../list/choices';
import { columnsOf } from '../list/paste';
import { groupOf } from '../list/tellings';
import { lists } from '../base/rights';
import { en } from '../texts/en';
import { zh } from '../texts/zh';
import { hintHere } from '../parts/hints';
import { Refused, Table, Title, Waiting, type Column } from '../parts/shown';
import '../look/import.css';

type Kind = 'persons' | 'cases' | 'places' | 'visits' | 'encounters' | 'contacts' | 'followups' | 'tubes';
const factOf: Record<Kind, string> = {
  persons: 'person.registered', cases: 'case.reported', places: 'place.registered', visits: 'visit.stated', encounters: 'encounter.named', contacts: 'contact.confirmed', followups: 'contact.reached', tubes: 'tube.resulted',
};
// Those that the user's role imports.
const kindsOfMine = (): Kind[] => (Object.keys(factOf) as Kind[]).filter((one) => lists[one]?.includes(session.value?.role ?? ''));

interface Why { line: number; code: string; field: string; reason: string; detail: string; hint: string }
interface Preview {
  header: number | null; top: { line: number; text: string }[];
  columns: { title: string; fields: string[] }[];
  fields: { field: string; required: boolean; bound: boolean; dates_asked: number; only_day_first: number; only_month_first: number }[];
  rows: { line: number; values: Record<string, string>; refused: Why | null; warnings: Why[] }[];
  rows_read: number; refused: number; warned: number; joinable: number; joins: boolean; waiting: number; problem: Why | null;
  profiles: { profile: string; remembered: boolean }[];
}
interface Done { rows: number; accepted: number; had: number; refused: number; warned: number; not_kept: number; refused_file: string; refusals: Why[]; warnings: Why[] }

interface Upload {
  user: string; kind: Kind; file: File | null; sheets: string[]; sheet: number; header: number; // 0: looked for
  profile: string; chosen: string[] | null; // the field of each column; null: by title
  dates: '' | 'day-first' | 'month-first'; join: boolean; remember: string;
  preview: Preview | null; done: Done | null; busy: '' | 'looking' | 'sending'; refusal: Refusal | null;
}
const none = (user: string): Upload => ({
  user, kind: kindsOfMine()[0] ?? 'persons', file: null, sheets: [], sheet: 0, header: 0, profile: '', chosen: null, dates: '', join: false, remember: '', preview: null, done: null, busy: '', refusal: null,
});
const upload = signal<Upload | null>(null);
const about = signal<Map<string, KindAbout> | null>(null);
let turn = 0;

window.addEventListener('beforeunload', (event) => { if (upload.value?.busy === 'sending') event.preventDefault(); });

const change = (changed: Partial<Upload>): void => { if (upload.value) upload.value = { ...upload.value, ...changed }; };
const fieldsOf = (of: Upload): FieldAbout[] => about.value?.get(factOf[of.kind])?.fields ?? [];
// What a list asks for and its kind of fact has no field for, by what it is called here: a
// list of follow-ups becomes facts of two kinds, one of tubes facts of three.
function askedIn(of: Upload, preview: Preview): FieldAbout[] {
  const textIn = (all: Record<string, string>, name: string): string => all[`field.${name}`] ?? name;
  return preview.fields.map((one) => fieldsOf(of).find((other) => other.name === one.field)
    ?? { name: one.field, zh: textIn(zh, one.field), en: textIn(en, one.field), type: 'text', words: [], required: one.required, personal: false });
}
function titleOf(of: Upload, name: string): string {
  const field = fieldsOf(of).find((one) => one.name === name);
  return field ? inLanguage(field.zh, field.en) : word('field', name);
}

// ---- asking ----

function addressOf(of: Upload, path: string, more: Record<string, string> = {}): string {
  const columns = of.chosen?.flatMap((field, at) => (field ? [`${field}:${at + 1}`] : [])).join(',');
  return withQuery(path, {
    kind: of.kind, profile: of.profile, columns: of.profile ? undefined : columns, dates: of.dates, join: of.join ? 'true' : undefined, sheet: of.sheet || undefined, header: of.header || undefined, ...more,
  });
}

// Titles that are called as our fields are, in either language, are taken so; all else is
// asked for.
function byName(of: Upload, preview: Preview): string[] | null {
  const found = columnsOf(preview.columns.map((one) => one.title), askedIn(of, preview));
  return found.some((one) => one) ? found.map((one) => one?.name ?? '') : null;
}

async function look(): Promise<void> {
  const of = upload.value, mine = ++turn;
  if (!of?.file) return;
  change({ busy: 'looking', refusal: null });
  try {
    const preview = await ask<Preview>(addressOf(of, '/v1/imports/preview'), { method: 'POST', file: of.file });
    if (mine !== turn) return;
    const chosen = preview.problem?.code.startsWith('mapping.') && !of.chosen && !of.profile ? byName(of, preview) : null;
    change({ preview, busy: '', ...(chosen ? { chosen } : {}) });
    if (chosen) await look();
  } catch (why) {
    heed(why);
    if (mine !== turn) return;
    const refusal = why as Refusal, sheets = refusal.code === 'wire.xlsx_sheets' ? (refusal.params.sheets ?? '').split(', ') : of.sheets;
    change({ busy: '', refusal, preview: null, sheets });
  }
}

async function send(): Promise<void> {
  const of = upload.value;
  if (!of?.file) return;
  change({ busy: 'sending', refusal: null });
  try {
    const done = await ask<Done>(addressOf(of, '/v1/imports', { remember: of.remember }), { method: 'POST', file: of.file });
    change({ busy: '', done });
    taken.value++;
  } catch (why) {
    heed(why);
    change({ busy: '', refusal: why as Refusal });
  }
}

function choose(changed: Partial<Upload>): void {
  change({ done: null, ...changed });
  void look();
}

// ---- what is chosen ----

const short = (text: string): string => { const letters = [...text]; return letters.length > 28 ? `${letters.slice(0, 28).join('')}…` : text; };

function Choices({ of }: { of: Upload }) {
  const mine = kindsOfMine();
  const mapping = of.chosen ? '=' : of.profile, profiles = of.preview?.profiles ?? [];
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      <label>{say('import.kind')}
        <select value={of.kind} onChange={(event) => choose({ kind: event.currentTarget.value as Kind, profile: '', chosen: null, join: false, preview: null })}>
          {mine.map((one) => <option key={one} value={one}>{say(`import.kind.${one}`)}</option>)}
        </select></label>
      <label>{say('import.file')}
        <span class="file"><span class="strong">{say('import.choose')}</span> {of.file?.name}</span>
        <input class="unseen" type="file" data-filter accept=".csv,.txt,.gz,.xlsx,text/csv" onChange={(event) => {
          const file = event.currentTarget.files?.[0] ?? null;
          if (file) choose({ file, sheets: [], sheet: 0, header: 0, chosen: null, join: false, preview: null, refusal: null });
        }} /></label>
      {of.sheets.length > 0 && <label>{say('import.sheet')}
        <select value={String(of.sheet)} onChange={(event) => choose({ sheet: Number(event.currentTarget.value), header: 0, chosen: null })}>
          {of.sheet === 0 && <option value="0">—</option>}
          {of.sheets.map((one, at) => <option key={at} value={String(at + 1)}>{one}</option>)}
        </select></label>}
      {of.preview && of.preview.top.length > 1 && <label>{say('import.header')}
        <select data-header value={String(of.preview.header ?? 0)} onChange={(event) => choose({ header: Number(event.currentTarget.value), chosen: null })}>
          {of.preview.header === null && <option value="0">—</option>}
          {of.preview.top.filter((one) => one.text).map((one) => <option key={one.line} value={String(one.line)}>{say('import.header.line', { line: one.line, text: short(one.text) })}</option>)}
        </select></label>}
      {of.preview && <label>{say('import.mapping')}
        <select value={mapping} onChange={(event) => choose({ profile: event.currentTarget.value, chosen: null })}>
          <option value="">{say('import.by_title')}</option>
          {of.chosen && <option value="=">{say('import.by_column')}</option>}
          {profiles.map((one) => <option key={`${one.profile} ${one.remembered}`} value={one.profile}>
            {say(one.remembered ? 'import.remembered' : 'import.ready_made', { name: one.profile })}</option>)}
        </select></label>}
    </form>
  );
}

function Heads({ of, preview }: { of: Upload; preview: Preview }) {
  const now = preview.columns.map((one, at) => of.chosen?.[at] ?? one.fields[0] ?? '');
  const set = (at: number, field: string): void => choose({
    profile: '', chosen: now.map((one, c) => (c === at ? field : one === field ? '' : one)),
  });
  return (
    <section>
      <Title text={say('import.columns')} />
      <div class="heads">
        {preview.columns.map((one, at) => (
          <label key={at}><span>{one.title || say('import.column', { number: at + 1 })}</span>
            <select value={now[at]} onChange={(event) => set(at, event.currentTarget.value)}>
              <option value="">{say('import.left_out')}</option>
              {preview.fields.map((two) => <option key={two.field} value={two.field}>{titleOf(of, two.field)}{two.required ? ' *' : ''}</option>)}
            </select></label>
        ))}
      </div>
    </section>
  );
}

function Dates({ of, preview }: { of: Upload; preview: Preview }) {
  const sum = (name: 'dates_asked' | 'only_day_first' | 'only_month_first') => preview.fields.reduce((all, one) => all + one[name], 0);
  const asked = sum('dates_asked'), day = sum('only_day_first'), month = sum('only_month_first');
  if (asked === 0 && !of.dates) return null;
  return (
    <fieldset class="asks">
      <legend>{asked > 0 ? say('import.dates', { count: numberText(asked) }, asked) : say('import.dates.said')}</legend>
      {(['day', 'month'] as const).map((one) => (
        <label key={one} class="tick"><input type="radio" name="dates" checked={of.dates === `${one}-first`} onChange={() => choose({ dates: `${one}-first` })} />{say(`import.dates.${one}`)}</label>
      ))}
      {day > 0 && <p class="note">{say('import.dates.only_day', { count: numberText(day) }, day)}</p>}
      {month > 0 && <p class="note">{say('import.dates.only_month', { count: numberText(month) }, month)}</p>}
    </fieldset>
  );
}

// Contacts who came before these cases: their list has to come once more.
function Waited({ preview }: { preview: Preview }) {
  return preview.waiting > 0 ? <p class="note" data-waits>{say('import.waiting', { count: numberText(preview.waiting) })}</p> : null;
}

// Rows of cases that are there under another number: nothing is joined that nobody said.
function Joining({ of, preview }: { of: Upload; preview: Preview }) {
  if (preview.joinable === 0) return null;
  return (
    <fieldset class="asks" data-join>
      <legend>{say(preview.joins ? 'import.join.said' : 'import.join', { count: numberText(preview.joinable) })}</legend>
      <label class="tick"><input type="checkbox" checked={of.join} disabled={of.busy !== ''} onChange={(event) => choose({ join: event.currentTarget.checked })} />{say('import.join.do')}</label>
    </fieldset>
  );
}

// ---- what comes of it ----

// Words of columns that no field of the list's kind of fact is called as.
const groups: Record<string, string> = { reached_by: 'how', dismissed_for: 'dismissed', result: 'result', symptomatic: 'yesno' };

function valueOf(of: Upload, field: string, value: string): string {
  const kind = fieldsOf(of).find((one) => one.name === field)?.type;
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value)) return timeText(value); // with its year: the wrong one is what is looked for
  if (of.kind === 'followups' && field === 'outcome') return word(value === 'reached' ? 'contact' : 'attempt', value);
  return kind === 'word' || groups[field] ? word(groups[field] ?? groupOf(field), value) : value;
}

// Which words a column takes, where a row has another: as a file writes them, and in words.
function hintOf(of: Upload, why: Why): string {
  if (why.code !== 'import.word') return hintHere(why.code, why.hint, 'file');
  const words = of.kind === 'followups' && why.field === 'outcome' ? ['reached', ...choicesOf('contact.attempted result')] : fieldsOf(of).find((one) => one.name === why.field)?.words ?? [];
  return words.length > 0 ? say('import.words', { words: words.map((one) => { const said = valueOf(of, why.field, one); return said.toLowerCase() === one ? one : `${one} ${say('import.word', { word: said })}`; }).join(say('comma')) }) : why.hint;
}

const fieldTitle = (of: Upload, why: Why): string => (why.field ? `${titleOf(of, why.field)}${language.value === 'en' ? ': ' : '：'}` : '');

// What is said of a row or of the file, with what can be done.
function Said({ of, why }: { of: Upload; why: Why }) {
  const hint = hintOf(of, why);
  return <span><span class="strong">{fieldTitle(of, why)}{why.reason}</span>{hint && <span class="second"> {hint}</span>}</span>;
}

function Judged({ of, row }: { of: Upload; row: Preview['rows'][number] }) {
  if (row.refused?.code === 'import.date_order') return <>{say('import.dates.first')}</>;
  if (row.refused) return <Said of={of} why={row.refused} />;
  if (row.warnings.length === 0) return <>{say('import.good')}</>;
  return <>{row.warnings.map((why) => <span key={why.code} class="doubt">{say('import.look_again')} <Said of={of} why={why} /></span>)}</>;
}

// What is short stands in one line: half an id is none, and a time in three lines is no time.
function Value({ text }: { text: string }) {
  return [...text].length <= 24 ? <span class="whole">{text}</span> : <>{text}</>;
}

function Rows({ of, preview }: { of: Upload; preview: Preview }) {
  type Row = Preview['rows'][number];
  const columns: Column<Row>[] = [
    { name: 'line', title: say('import.line'), number: true, show: (row) => row.line },
    { name: 'why', title: say('import.why'), show: (row) => <Judged of={of} row={row} /> },
    ...preview.fields.filter((one) => one.bound).map((one) => ({ name: one.field, title: titleOf(of, one.field), show: (row: Row) => <Value text={valueOf(of, one.field, row.values[one.field] ?? '')} /> })),
  ];
  const title = say('import.rows', { count: numberText(preview.rows.length) }, preview.rows.length);
  return <section><Title text={title} /><Table caption={title} columns={columns} rows={preview.rows} keyOf={(row) => String(row.line)} /></section>;
}

function Look({ of, preview }: { of: Upload; preview: Preview }) {
  const lacks = preview.fields.filter((one) => one.required && !one.bound), asks = preview.fields.some((one) => one.dates_asked > 0);
  const values = { rows: numberText(preview.rows_read), refused: numberText(preview.refused) };
  const problem = preview.problem, good = preview.rows_read - preview.refused;
  return (
    <>
      {problem && <p class="wrong" role="alert"><span class="strong">{fieldTitle(of, problem)}{problem.reason}</span><span class="second">{hintHere(problem.code, problem.hint, 'file')}</span></p>}
      {lacks.length > 0 && <p class="wrong" role="status"><span class="strong">{say('import.lacks', { titles: lacks.map((one) => titleOf(of, one.field)).join(say('comma')) })}</span></p>}
      {!problem && !asks && <p class="note" role="status" data-preview>{say(preview.refused > 0 ? 'import.count' : 'import.count.good', values, preview.rows_read)}</p>}
      {!problem && preview.warned > 0 && <p class="wrong" role="status"><span class="strong">{say('import.warned', { count: numberText(preview.warned) }, preview.warned)}</span></p>}
      <Dates of={of} preview={preview} />
      {!problem && <Joining of={of} preview={preview} />}
      {!problem && <Waited preview={preview} />}
      {preview.columns.length > 0 && <Heads of={of} preview={preview} />}
      {preview.rows.length > 0 && <Rows of={of} preview={preview} />}
      {!problem && <div class="pager">
        <button type="button" class="first" disabled={of.busy !== '' || asks || good === 0 && preview.rows_read === 0} onClick={() => void send()}>{asks ? say('import.dates.first') : say('import.send', { count: numberText(good) }, good)}</button>
        {(of.chosen || of.dates) && !of.profile && <label>{say('import.remember')}
          <input maxLength={40} pattern="[a-z0-9\-]+" autocomplete="off" size={16} value={of.remember} onInput={(event) => change({ remember: event.currentTarget.value.trim() })} /></label>}
        {session.value?.grid && <span class="note">{say(of.kind === 'tubes' ? 'import.elsewhere.tubes' : 'import.elsewhere')}</span>}
      </div>}
    </>
  );
}

function Result({ of, done }: { of: Upload; done: Done }) {
  const columns: Column<Why>[] = [
    { name: 'line', title: say('import.line'), number: true, show: (row) => row.line },
    { name: 'why', title: say('import.reason'), show: (row) => <Said of={of} why={row} /> },
  ];
  const title = say('import.first_refused', { count: numberText(done.refusals.length) }, done.refusals.length);
  const fetch = (format: 'csv' | 'xlsx'): void => { void saveCsv(withQuery(`/v1/imports/refused/${done.refused_file}`, { format }), `refused.${format}`, {}); };
  return (
    <section>
      <Title text={say('import.done')} />
      <p role="status" data-done>{[say('import.accepted', { count: numberText(done.accepted) }, done.accepted), done.had > 0 && say('import.had', { count: numberText(done.had) }, done.had),
        done.refused > 0 && say('import.refused', { count: numberText(done.refused) })].filter(Boolean).join(say('semicolon'))}</p>
      {done.refused > 0 && <>
        {done.not_kept > 0 && <p role="status" data-not-kept>{say('import.not_kept', { count: numberText(done.not_kept) })}</p>}
        {done.refused_file !== '' && <>
          <p class="note">{say('import.mend')}</p>
          <div class="pager">
            <button type="button" class="first" onClick={() => fetch('xlsx')}>{say('import.mend.xlsx')}</button>
            <button type="button" onClick={() => fetch('csv')}>{say('import.mend.csv')}</button>
          </div>
        </>}
        <Table caption={title} columns={columns} rows={done.refusals} />
      </>}
      {done.warnings.length > 0 && <>
        <Title text={say('import.warned_rows', { count: numberText(done.warnings.length) }, done.warnings.length)} />
        <Table caption={say('import.warned_rows', { count: numberText(done.warnings.length) }, done.warnings.length)} columns={columns} rows={done.warnings} />
      </>}
      <div class="pager"><button type="button" class={done.refused_file === '' ? 'first' : ''} onClick={() => { upload.value = { ...none(of.user), kind: of.kind, profile: of.profile }; }}>{say('import.again')}</button></div>
    </section>
  );
}

export function ImportPage() {
  const user = session.value?.name ?? '';
  useEffect(() => {
    describedKinds().then((all) => { about.value = all; }, heed);
    if (upload.value?.user !== user) upload.value = none(user);
  }, [user]);
  useEffect(() => { if (upload.value?.preview && !upload.value.done) void look(); }, [language.value]);
  const of = upload.value;
  if (!of || of.user !== user || !about.value) return <Waiting />;
  return (
    <section class="import">
      <Title level={1} text={say('import.title')} />
      {!of.done && <p class="note">{say('import.about')}</p>}
      {!of.done && <Choices of={of} />}
      {!of.done && !of.file && <p class="note">{say('import.template')} {(['xlsx', 'csv'] as const).map((one) => (
        <button key={one} type="button" data-template={one} onClick={() => void saveCsv(withQuery('/v1/imports/template', { kind: of.kind, format: one }), `${of.kind}.${one}`, {})}>{one === 'csv' ? 'CSV' : 'Excel'}</button>
      ))}</p>}
      <Refused refusal={of.refusal?.status === 0 && !of.preview ? of.refusal : of.refusal?.status === 0 ? new Refusal(400, 'gone', say('import.unsure'), '') : of.refusal} />
      {of.busy === 'sending' && <p class="soft" role="status">{say('import.sending')}</p>}
      {of.busy === 'looking' && <Waiting />}
      {of.done ? <Result of={of} done={of.done} /> : of.preview && <Look of={of} preview={of.preview} />}
    </section>
  );
}
