// One's own account: what binds oneself, and who looked.
import type { AsOf } from '../base/ask';
import { health } from '../base/city';
import { useAnswer } from '../base/load';
import { timeText } from '../base/times';
import { say, word } from '../base/words';
import { purposeText, usePurposes, wordOf } from '../parts/look';
import { AsOfText, Refused, Table, Title, Waiting, type Column } from '../parts/shown';
import type { Name } from '../texts/zh';

interface Me { kind: string; name: string | null; role: string | null; grid: string | null; office: string | null; is_person: boolean }
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
          <dt>{say('me.grid')}</dt><dd>{me.grid ?? (me.role === 'resident' ? '–' : say('city.all'))}</dd>
          <dt>{say('me.office')}</dt><dd>{me.office ?? '–'}</dd>
        </dl>
      </section>
      {me.is_person ? <Own /> : <section><p class="note">{say('me.not_person')}</p></section>}
    </>
  );
}
