// The cases that there are, to choose one instead of remembering its number. What is shown
// of them names nobody (cases/milestones); who may not read that view types the number.
import type { ComponentChildren } from 'preact';
import { withQuery, type AsOf } from '../base/ask';
import { came, health } from '../base/city';
import { useAnswer, type Loaded } from '../base/load';
import { addressOf } from '../base/route';
import { timeText } from '../base/times';
import { useReadable } from '../base/views';
import { say, word } from '../base/words';
import { GridText } from './links';
import { Table, type Column } from './shown';

export interface CaseRow {
  case_id: string; outbreak: string | null; classification: string | null; onset: string | null; reported: string | null; grid: string | null;
  first_facts_at: string | null; core_report_at: string | null; contacts_listed_at: string | null; full_report_at: string | null;
  isolated: string | null; treated_at: string | null;
}
interface Page { rows: CaseRow[]; next?: string; as_of: AsOf; complete: boolean }

const offered = 500;

// The newest first; asked anew when facts came only where `live` says so.
export function useCases(limit: number, after: string, live: boolean): Loaded<Page> {
  const mine = useReadable()?.has('cases/milestones') === true;
  return useAnswer<Page>(mine ? withQuery('/v1/views/cases/milestones', { sort: '-reported', limit, after }) : null, {}, [live ? came.value : 0]);
}

// Put beside a field that takes a case: `list={caseChoices}`.
export const caseChoices = 'cases-there-are';

export function CaseChoices() {
  const rows = useCases(offered, '', false).answer?.rows ?? [], now = health.value?.now;
  return (
    <datalist id={caseChoices}>
      {rows.map((one) => <option key={one.case_id} value={one.case_id}
        label={[one.classification && word('classification', one.classification), one.reported && timeText(one.reported, now)].filter(Boolean).join(' · ')} />)}
    </datalist>
  );
}

const steps: [keyof CaseRow, string][] = [['isolated', 'isolated'], ['treated_at', 'treated'], ['first_facts_at', 'first_facts'], ['core_report_at', 'core_report'],
  ['contacts_listed_at', 'contacts_listed'], ['full_report_at', 'full_report']];

// What is done of the chain: the sign says it without colour, the time stands in the case.
function StepDone({ at }: { at: string | null }): ComponentChildren {
  return at ? <span class="whole">{timeText(at, health.value?.now)}</span> : <span class="gone">–</span>;
}

export function CaseTable({ rows }: { rows: CaseRow[] }) {
  const now = health.value?.now;
  const columns: Column<CaseRow>[] = [
    { name: 'case', title: say('lookups.case'), show: (row) => <a class="strong" href={addressOf('case', { case: row.case_id })}>{row.case_id}</a> },
    { name: 'classification', title: say('case.classification'), show: (row) => (row.classification ? word('classification', row.classification) : '–') },
    { name: 'grid', title: say('grid'), show: (row) => (row.grid ? <GridText grid={row.grid} /> : '–') },
    { name: 'onset', title: say('case.onset_at'), show: (row) => <StepDone at={row.onset} /> },
    { name: 'reported', title: say('case.reported_at'), show: (row) => <span class="whole">{row.reported ? timeText(row.reported, now) : '–'}</span> },
    ...steps.map(([field, step]): Column<CaseRow> => ({ name: step, title: word('casestep', step), show: (row) => <StepDone at={row[field]} /> })),
  ];
  return <Table caption={say('case.all')} columns={columns} rows={rows} keyOf={(row) => row.case_id} />;
}
