// What somebody may say on a list: which facts its rows are made of, and which fact a
// change of a cell is. Whether it is taken is the service's to say.
import { choicesOf } from './choices';

export interface Edit { kind: string; field: string; with: Record<string, string> } // field of the fact ← column of the row

export interface Telling { pastes: string[]; edits: Record<string, Edit> }

function edits(kind: string, given: Record<string, string>, columns: string[]): Record<string, Edit> {
  return Object.fromEntries(columns.map((one) => [one, { kind, field: one, with: given }]));
}

const ofCase = { case: 'case_id' };
const ofContact = { case: 'case_id', person: 'person', outbreak: 'outbreak', level: 'level' };

export const tellings: Record<string, Telling> = {
  'cases/cases': {
    pastes: ['case.reported', 'case.classified', 'case.outcome'],
    edits: {
      ...edits('case.reported', ofCase, ['outbreak', 'source', 'symptomatic', 'onset', 'first_care_at', 'sampled']),
      ...edits('case.classified', ofCase, ['classification']),
      ...edits('case.outcome', ofCase, ['outcome']),
    },
  },
  'tracing/contacts': {
    pastes: ['contact.confirmed', 'contact.named', 'contact.reached', 'contact.placed', 'contact.tested'],
    edits: {
      ...edits('contact.confirmed', ofContact, ['level', 'exposed_from', 'exposed_until']),
      ...edits('contact.tested', { outbreak: 'outbreak', person: 'person' }, ['result']),
    },
  },
  'register/persons': {
    pastes: ['person.registered'],
    edits: edits('person.registered', { person: 'person' }, ['name', 'sex', 'birth', 'phone', 'id_number', 'household', 'occupation', 'needs']),
  },
  'testing/samples': { pastes: ['sample.collected'], edits: {} },
  'testing/tubes': { pastes: ['tube.resulted'], edits: {} },
};

// Groups of words that a field has on the pages under another name than its own.
const groups: Record<string, string> = { isolated_in: 'where', placed_in: 'where', state: 'contact', kind: 'kind' };
export const groupOf = (name: string): string => groups[name] ?? name;

// Words of columns by which a list is filtered, where no fact of the list has them.
export const columnWords: Record<string, Record<string, string[]>> = {
  'cases/cases': { severity: choicesOf('case.treated severity') },
  'tracing/contacts': { state: ['named', 'confirmed', 'reached', 'placed', 'tested', 'converted', 'dismissed'] },
  'testing/tubes': { result: choicesOf('tube.resulted result') },
  'tracing/letters': { outgoing: ['true', 'false'], about: choicesOf('letter.sent about'), next_step: ['receipt', 'first_check', 'under_control', 'other'] },
  'testing/samples': { result: choicesOf('tube.resulted result') },
};
