// What state the service is in and what is missing: open to everybody as far as it is.
import { AsOfText, Refused, Table, Title, Waiting, type Column } from '../parts/shown';
import { useAnswer } from '../base/load';
import { came, health, may, mayRows, reached, ready, session } from '../base/city';
import { addressOf } from '../base/route';
import type { AsOf } from '../base/ask';
import { numberText } from '../base/times';
import { say, titleOf, word, type Titled } from '../base/words';
import { placeName } from '../net/names';
import { GridLink, GridText } from '../parts/links';
import { LogIn } from './login';

interface Count extends Titled { grid: string; kind: string; due: number; not_yet: number }
interface People { grid: string; present: number; sampled: number; explained: number; missing: number }
interface Counts { rows: Count[]; population: People[]; as_of: AsOf; complete: boolean }
interface Sum { grid: string; due: number; not_yet: number }

function State() {
  const now = health.value;
  const rows: [string, string][] = [
    [say('state.status'), reached.value && now ? say(`state.${now.status}`) : say('state.gone')],
  ];
  if (now) {
    rows.push([say('state.version'), now.version], [say('state.kind'), say(`state.${now.kind}`)]);
    rows.push([say('state.now'), now.now.replace('T', ' ')]);
    rows.push([say('state.as_of'), now.as_of.at
      ? say('state.facts', { at: now.as_of.at.replace('T', ' '), count: numberText(now.as_of.position) }) : say('as_of.none')]);
  }
  const who = session.value;
  if (who) rows.push([say('state.who'), [who.name, word('role', who.role), who.office, who.grid && placeName(who.grid)].filter(Boolean).join(' · ')]);
  return (
    <section>
      <Title text={say('state.title')} />
      <dl class="pairs">{rows.map(([name, value]) => [<dt key={name}>{name}</dt>, <dd key={`${name} is`}>{value}</dd>])}</dl>
    </section>
  );
}

// Due and not yet due of the most that any row has: the numbers stand beside it.
function Share({ due, later, most }: { due: number; later: number; most: number }) {
  const scale = 120 / Math.max(1, most);
  return (
    <svg class="share" viewBox="0 0 120 10" aria-hidden="true">
      <rect class="due" width={due * scale} height="10" />
      <rect class="later" x={due * scale} y="2" width={later * scale} height="6" />
    </svg>
  );
}

const lateText = (count: number) => (count > 0 ? <span class="late">{numberText(count)}</span> : <span class="gone">0</span>);

function sumsOf<Row extends { due: number; not_yet: number }>(rows: Row[]): { due: number; not_yet: number; most: number } {
  return {
    due: rows.reduce((sum, one) => sum + one.due, 0),
    not_yet: rows.reduce((sum, one) => sum + one.not_yet, 0),
    most: Math.max(1, ...rows.map((one) => one.due + one.not_yet)),
  };
}

function figureColumns<Row extends { due: number; not_yet: number }>(most: number): Column<Row>[] {
  return [
    { name: 'due', title: say('overview.due'), number: true, show: (row) => lateText(row.due) },
    { name: 'not_yet', title: say('overview.not_yet'), number: true, show: (row) => numberText(row.not_yet) },
    { name: 'share', title: say('overview.share'), show: (row) => <Share due={row.due} later={row.not_yet} most={most} /> },
  ];
}

function ByKind({ rows }: { rows: Count[] }) {
  const { most } = sumsOf(rows);
  const columns: Column<Count>[] = [
    { name: 'kind', title: say('overview.kind'), show: (row) => mayRows('holes')
      ? <a href={addressOf('holes', { kind: row.kind, all: 'true' })}>{titleOf(row) || row.kind}</a> : titleOf(row) || row.kind },
    ...figureColumns<Count>(most),
  ];
  const sorted = [...rows].sort((a, b) => b.due - a.due || b.not_yet - a.not_yet);
  return <Table caption={say('overview.title')} columns={columns} rows={sorted} keyOf={(row) => row.kind} folds={false} />;
}

// The grids of the widest level that has more than one.
function placesOf(rows: Count[]): Sum[] {
  const top = rows[0]?.grid ?? '';
  const below = [...new Set(rows.map((row) => row.grid))].filter((one) => one.startsWith(top) && one.length > top.length);
  const sizes = [...new Set(below.map((one) => one.length))].sort((a, b) => a - b);
  const size = sizes.find((wanted) => below.filter((one) => one.length === wanted).length > 1);
  return below.filter((one) => one.length === size).map((grid) => {
    const { due, not_yet } = sumsOf(rows.filter((row) => row.grid === grid));
    return { grid, due, not_yet };
  }).sort((a, b) => b.due - a.due || b.not_yet - a.not_yet);
}

function ByPlace({ sums }: { sums: Sum[] }) {
  const columns: Column<Sum>[] = [
    { name: 'grid', title: say('grid'), show: (row) => mayRows('holes')
      ? <a href={addressOf('holes', { grid: row.grid, all: 'true' })}><GridText grid={row.grid} /></a> : <GridLink grid={row.grid} named={false} /> },
    ...figureColumns<Sum>(sumsOf(sums).most),
  ];
  return (
    <section>
      <Title text={say('overview.places')} />
      <Table caption={say('overview.places')} columns={columns} rows={sums} keyOf={(row) => row.grid} folds={false} />
    </section>
  );
}

function Population({ rows, of }: { rows: People[]; of: AsOf }) {
  const figure = (name: 'present' | 'sampled' | 'explained' | 'missing'): Column<People> =>
    ({ name, title: say(`overview.${name}`), number: true, show: (row) => numberText(row[name]) });
  const columns: Column<People>[] = [
    { name: 'grid', title: say('grid'), show: (row) => <GridLink grid={row.grid} named={false} /> },
    figure('present'), figure('sampled'), figure('explained'), figure('missing'),
  ];
  return (
    <section>
      <Title text={say('overview.population')}><AsOfText of={of} /></Title>
      <Table caption={say('overview.population')} columns={columns} rows={rows} keyOf={(row) => row.grid} folds={false} />
    </section>
  );
}

function Holes() {
  const { answer, refusal, waiting } = useAnswer<Counts>('/v1/counts', {}, [came.value]);
  if (!answer) return waiting ? <Waiting /> : <Refused refusal={refusal} />;
  // Counts come by grid, from the widest down: the first grid's are those of all.
  const all = answer.rows.filter((row) => row.grid === answer.rows[0]?.grid);
  const { due, not_yet } = sumsOf(all), places = placesOf(answer.rows);
  return (
    <>
      <section>
        <Title level={1} text={say('overview.title')}><AsOfText of={answer.as_of} complete={answer.complete} /></Title>
        <Refused refusal={refusal} />
        <p class="figures">
          <span><span class="key">{numberText(due + not_yet)}</span>{say('overview.open')}</span>
          <span class={due > 0 ? 'late' : ''}><span class="key">{numberText(due)}</span>{say('overview.late')}</span>
        </p>
        <p class="note">{say('overview.note')}</p>
        {all.length > 0 ? <ByKind rows={all} /> : <p>{say('overview.none')}</p>}
      </section>
      {places.length > 0 && <ByPlace sums={places} />}
      {answer.population.length > 0 && <Population rows={answer.population} of={answer.as_of} />}
    </>
  );
}

export function Overview() {
  if (!ready.value) return <Waiting />;
  return (
    <div class="two">
      <div>{session.value ? (may('counts') ? <Holes /> : <Title level={1} text={say('nav.overview')} />) : <LogIn />}</div>
      <State />
    </div>
  );
}
