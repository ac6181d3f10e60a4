// One's own account: what binds oneself, and who looked.
import { useSignal } from '@preact/signals';
import type { AsOf } from '../base/ask';
import { answer, settled } from '../base/book';
import { came, health } from '../base/city';
import { useAnswer } from '../base/load';
import { timeText } from '../base/times';
import { say, word } from '../base/words';
import { choicesOf } from '../list/choices';
import { GridText } from '../parts/links';
import { purposeText, usePurposes, wordOf } from '../parts/look';
import { AsOfText, Refused, Table, Title, Waiting, type Column } from '../parts/shown';
import { TellForm, type Field } from '../parts/tell';
import '../look/person.css';
import type { Name } from '../texts/zh';

interface Me { kind: string; name: string | null; role: string | null; grid: string | null; office: string | null; is_person: boolean; person: string | null }
type Row = Record<string, string | null>;
interface Rows { rows: Row[]; as_of: AsOf; complete: boolean }
interface Status extends Rows { samples: Row[] }

const text = (name: string, title: Name): Column<Row> => ({ name, title: say(title), show: (row) => row[name] || '–' });
const time = (name: string, title: Name): Column<Row> =>
  ({ name, title: say(title), show: (row) => timeText(row[name], health.value?.now) || '–' });

function List({ title, answer, rows, columns, none }: {
  title: string; answer: Rows; rows: Row[]; columns: Column<Row>[]; none: string;
}) {
  return (
    <section>
      <Title text={title}><AsOfText of={answer.as_of} complete={answer.complete} /></Title>
      {rows.length > 0 ? <Table caption={title} columns={columns} rows={rows} /> : <p>{none}</p>}
    </section>
  );
}

// ---- what one reports of oneself ----

const reporters = ['lead', 'investigator', 'grid_worker', 'resident'];

function newId(): string {
  return `R-${[...crypto.getRandomValues(new Uint8Array(8))].map((one) => 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'.charAt(one % 32)).join('')}`;
}

// Of a place that was published, or in one's own words.
function ReportForm({ person, notice, onDone }: { person: string; notice: Row | null; onDone: () => void }) {
  const local = (name: string) => (notice?.[name] ?? '').slice(0, 16);
  const fields: Field[] = [
    ...(notice ? [] : [{ name: 'about', title: say('me.about'), words: choicesOf('self.reported about'), group: 'report_about', required: true, value: '' }]),
    { name: 'happened', title: say('me.happened'), time: true, required: true, value: local('from_at') },
    { name: 'until', title: say('me.happened_until'), time: true, value: local('until_at') },
    { name: 'description', title: say('me.in_words'), wide: true, required: !notice }];
  return <TellForm kind="self.reported" title={notice?.place_name ?? say('me.report')} onDone={onDone} fields={fields}
    body={{ report: newId(), person, ...(notice ? { about: 'visit', place: notice.place } : {}) }} />;
}

function Reports({ person }: { person: string }) {
  const open = useSignal<Row | 'words' | null>(null), again = [came.value, settled.value];
  const notices = useAnswer<Rows>('/v1/notices', {}, again), reports = useAnswer<Rows>('/v1/me/reports', {}, again);
  const start = (what: Row | 'words') => { answer.value = null; open.value = what; };
  const published: Column<Row>[] = [
    { name: 'place', title: say('me.place'), show: (row) => <span class="strong">{row.place_name || row.place}</span> }, time('from_at', 'me.from'), time('until_at', 'me.until'), text('advice', 'me.advice'),
    { name: 'there', title: say('me.report'), show: (row) => <button type="button" onClick={() => start(row)}>{say('me.was_there')}</button> }];
  const own: Column<Row>[] = [time('reported_at', 'me.reported_at'), { name: 'about', title: say('me.about'), show: (row) => word('report_about', row.about ?? '') }, time('happened_at', 'me.happened'),
    { name: 'answer', title: say('me.answer'), show: (row) => (row.answer ? <span class="strong">{word('report_answer', row.answer)}</span> : <span class="soft">{say('me.no_answer')}</span>) }, time('answered_at', 'me.answered_at')];
  return (
    <>
      <Refused refusal={notices.refusal ?? reports.refusal} />
      {notices.answer && <List title={say('me.notices')} answer={notices.answer} rows={notices.answer.rows} columns={published} none={say('me.no_notices')} />}
      <section>
        <Title text={say('me.report')} />
        <p class="note">{say('me.report.note')}</p>
        {answer.value && <p class="look" role="status" data-answer><span class="strong">{answer.value.message}</span> {answer.value.hint}</p>}
        {open.value ? <ReportForm key={open.value === 'words' ? 'words' : open.value.notice_id} person={person} notice={open.value === 'words' ? null : open.value} onDone={() => { open.value = null; }} />
          : <button type="button" onClick={() => start('words')}>{say('me.report.open')}</button>}
      </section>
      {reports.answer && reports.answer.rows.length > 0 && <List title={say('me.reports')} answer={reports.answer} rows={reports.answer.rows} columns={own} none="" />}
    </>
  );
}

function Own() {
  const status = useAnswer<Status>('/v1/me/status', {}, []), looks = useAnswer<Rows>('/v1/me/looks', {}, []);
  const words = usePurposes();
  const orders: Column<Row>[] = [
    { name: 'kind', title: say('me.order'), show: (row) => (row.kind ? word('order', row.kind) : '–') }, text('clause', 'me.clause'), text('issuer', 'me.issuer'), text('place', 'me.place'),
    time('starts_at', 'me.from'), time('ends_at', 'me.until')];
  const samples: Column<Row>[] = [text('tube_id', 'me.tube'), time('collected_at', 'me.collected'),
    { name: 'result', title: say('me.result'), show: (row) => (row.result ? word('result', row.result) : '–') }, time('result_at', 'me.result_at')];
  const lookers: Column<Row>[] = [time('looked_at', 'me.looked_at'),
    { name: 'office', title: say('me.looked_by'), show: (row) => row.office_name || wordOf(words?.offices, row.office ?? '') },
    { name: 'purpose', title: say('me.purpose'), show: (row) => purposeText(row.purpose ?? '') },
    { name: 'reference', title: say('me.reference'), show: (row) => wordOf(words?.references, row.reference_kind ?? '') },
    text('grid', 'me.grid')];
  return (
    <>
      <Refused refusal={status.refusal ?? looks.refusal} />
      {status.answer && <List title={say('me.status')} answer={status.answer} rows={status.answer.rows} columns={orders} none={say('me.no_orders')} />}
      {status.answer && <List title={say('me.samples')} answer={status.answer} rows={status.answer.samples} columns={samples} none={say('me.no_samples')} />}
      {looks.answer && <List title={say('me.looks')} answer={looks.answer} rows={looks.answer.rows} columns={lookers} none={say('me.no_looks')} />}
      <p class="note">{say('me.looks.note')}</p>
    </>
  );
}

export function MePage() {
  const { answer: me, refusal, waiting } = useAnswer<Me>('/v1/me', {}, []);
  if (!me) return waiting ? <Waiting /> : <Refused refusal={refusal} />;
  return (
    <>
      <section>
        <Title level={1} text={say('me.title')} />
        <dl class="pairs">
          <dt>{say('me.account')}</dt><dd>{me.name}</dd>
          <dt>{say('me.role')}</dt><dd>{word('role', me.role ?? '')}</dd>
          <dt>{say('me.grid')}</dt><dd>{me.grid ? <GridText grid={me.grid} /> : (me.role === 'resident' ? '–' : say('city.all'))}</dd>
          <dt>{say('me.office')}</dt><dd>{me.office ?? '–'}</dd>
        </dl>
      </section>
      {me.person && reporters.includes(me.role ?? '') && <Reports person={me.person} />}
      {me.is_person ? <Own /> : <section><p class="note">{say('me.not_person')}</p></section>}
    </>
  );
}
