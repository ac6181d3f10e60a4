// Which facts a page offers to record by a form, and what of them it knows already. Which
// fields a kind has, and who may send it, the service describes.
import type { KindAbout, FieldAbout } from './described';

export interface Offer { kind: string; given: Record<string, string> }

const offer = (kind: string, given: Record<string, string> = {}): Offer => ({ kind, given });

// ---- of a case ----

// The fact that a step of a case's clock waits for.
export const stepOffers: Record<string, Offer> = {
  first_facts: offer('case.investigated', { milestone: 'first_facts' }),
  core_report: offer('case.investigated', { milestone: 'core_report' }),
  contacts_listed: offer('case.investigated', { milestone: 'contacts_listed' }),
  full_report: offer('case.investigated', { milestone: 'full_report' }),
  interviewed: offer('case.interviewed'),
  isolated: offer('case.isolated'),
  treated: offer('case.treated'),
};

const caseKinds = ['case.investigated', 'case.isolated', 'case.treated', 'case.classified', 'case.reported', 'case.outcome', 'case.vouched', 'case.interviewed', 'case.sequenced',
  'contact.named', 'contact.unidentified', 'encounter.named', 'exposure.recorded', 'place.exposed', 'place.listed', 'letter.sent', 'letter.received', 'immunity.recorded'];

// `person` is whose case it is; null where that is not known here.
export function caseOffers(id: string, outbreak: string | null, person: string | null): Offer[] {
  const own: Record<string, Record<string, string>> = {
    'encounter.named': person ? { a: person } : {}, 'immunity.recorded': person ? { person } : {},
  };
  return caseKinds.map((kind) => offer(kind, own[kind] ?? { case: id, ...(outbreak ? { outbreak } : {}) }));
}

// ---- of a place, of a person ----

export const placeOffers = (place: string): Offer[] => ['place.exposed', 'place.listed', 'environment.sampled', 'place.registered'].map((kind) => offer(kind, { place }));

const personKinds = ['person.present', 'person.absent', 'person.registered', 'case.reported', 'self.reported', 'contact.named', 'contact.converted', 'exposure.recorded', 'immunity.recorded', 'prophylaxis.given'];

export function personOffers(person: string): Offer[] {
  return [...personKinds.map((kind) => offer(kind, { person })), offer('person.same', { a: person }), offer('person.not_same', { a: person }), offer('letter.sent', { persons: person })];
}

// ---- of a hole: the facts that close it, about its subject ----

const holeKinds: Record<string, [field: string, offers: Offer[]]> = {
  'cases/no_first_facts': ['case', [stepOffers.first_facts!]],
  'cases/no_core_report': ['case', [stepOffers.core_report!]],
  'cases/no_full_report': ['case', [stepOffers.full_report!]],
  'cases/no_interview': ['case', [stepOffers.interviewed!]],
  'cases/no_source_search': ['case', [offer('case.investigated', { milestone: 'source_search' })]],
  'cases/not_isolated': ['case', [stepOffers.isolated!, offer('case.outcome')]],
  'cases/no_treatment': ['case', [stepOffers.treated!, offer('case.outcome')]],
  'cases/asymptomatic_symptoms': ['case', [offer('case.classified'), offer('case.reported')]],
  'cases/contacts_wait': ['case', [offer('contact.confirmed')]],
  'cases/told_differently': ['case', [offer('case.reported'), offer('case.investigated')]],
  'cases/exposure_no_grade': ['exposure', [offer('exposure.recorded', { kind: 'care' })]],
  'cases/place_not_listed': ['place', [offer('place.listed'), offer('notice.published')]],
  'cases/self_report_unanswered': ['report', [offer('self.answered')]],
  'tracing/contact_not_confirmed': ['person', [offer('contact.confirmed'), offer('contact.dismissed')]],
  'tracing/contact_not_reached': ['person', [offer('contact.reached'), offer('contact.attempted')]],
  'tracing/contact_not_placed': ['person', [offer('contact.placed')]],
  'tracing/contact_not_tested': ['person', [offer('contact.tested')]],
  'tracing/contact_unidentified': ['contact', [offer('contact.identified')]],
  'tracing/contact_away_no_letter': ['persons', [offer('letter.sent')]],
  'tracing/contact_is_case': ['person', [offer('contact.dismissed', { reason: 'wrong_person' })]],
  'tracing/contact_no_post': ['person', [offer('person.registered')]],
  'tracing/letter_no_receipt': ['letter', [offer('letter.answered')]],
  'tracing/letter_no_answer': ['letter', [offer('letter.answered')]],
  'tracing/letter_not_checked': ['letter', [offer('letter.answered')]],
  'tracing/letter_not_controlled': ['letter', [offer('letter.answered')]],
  'tracing/letter_not_answered': ['letter', [offer('letter.answered')]],
  'tracing/bound_of_no_case': ['order', [offer('order.lifted')]],
  'command/instruction_no_reply': ['instruction', [offer('instruction.answered')]],
  'command/post_not_held': ['post', [offer('post.held')]],
  'register/sender_gap': ['device', [offer('sender.checked')]],
  'register/fact_conflict': ['device', [offer('sender.checked')]],
  'testing/tube_no_result': ['tube', [offer('tube.resulted')]],
};

export function holeOffers(hole: string, subject: string): Offer[] {
  const [field = '', offers = []] = holeKinds[hole] ?? [];
  return offers.map((one) => offer(one.kind, { [field]: subject, ...one.given }));
}

// ---- of a list: what its rows are made of ----

const viewKinds: Record<string, string[]> = {
  'cases/cases': ['case.reported', 'case.classified', 'case.vouched'],
  'cases/milestones': ['case.investigated', 'case.isolated', 'case.treated'],
  'cases/environment': ['environment.sampled'],
  'cases/exposures': ['exposure.recorded'],
  'cases/exposure_places': ['place.exposed', 'place.listed'],
  'cases/notices': ['notice.published'],
  'cases/self_reports': ['self.reported', 'self.answered'],
  'tracing/contacts': ['contact.named', 'contact.converted', 'prophylaxis.given'],
  'tracing/unidentified': ['contact.unidentified', 'contact.identified'],
  'tracing/letters': ['letter.sent', 'letter.received', 'letter.answered'],
  'tracing/clock': ['outbreak.declared'],
  'command/instructions': ['instruction.received', 'instruction.answered'],
  'register/persons': ['person.registered', 'person.present', 'person.absent', 'person.same', 'person.not_same'],
  'register/places': ['place.registered'],
  'order/orders': ['order.lifted'],
};

export const viewOffers = (view: string): Offer[] => (viewKinds[view] ?? []).map((kind) => offer(kind));

// ---- fields ----

// Ids that whoever records gives: one is proposed, which tells nothing.
const newIds: Record<string, [field: string, letter: string]> = {
  'contact.unidentified': ['contact', 'U'], 'exposure.recorded': ['exposure', 'E'], 'letter.sent': ['letter', 'L'], 'letter.received': ['letter', 'L'],
  'notice.published': ['notice', 'N'], 'self.reported': ['report', 'R'], 'instruction.received': ['instruction', 'I'], 'outbreak.declared': ['outbreak', 'O'],
};

export function proposedId(kind: string, field: FieldAbout): string {
  const [name, letter] = newIds[kind] ?? [];
  if (field.name !== name) return '';
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return `${letter}-${[...bytes].map((one) => 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'.charAt(one % 32)).join('')}`;
}

// Words of fields that mean other things in other kinds.
const groups: Record<string, string> = {
  'exposure.recorded kind': 'exposure', 'immunity.recorded kind': 'immunity', 'prophylaxis.given kind': 'prophylaxis', 'place.registered kind': 'place',
  'letter.sent about': 'letter_about', 'letter.received about': 'letter_about', 'letter.answered answer': 'letter_answer',
  'self.reported about': 'report_about', 'self.answered answer': 'report_answer', 'instruction.answered answer': 'instruction_answer',
  'contact.dismissed reason': 'dismissed', 'contact.attempted result': 'attempt', 'contact.named how': 'named_how', 'person.absent reason': 'absence',
  'task.returned reason': 'tasks.reason',
};

export const wordsOf = (kind: string, field: string): string => groups[`${kind} ${field}`] ?? field;

// Of what has no time among its fields the fact's own says when it happened.
export const asksWhen = (about: KindAbout): boolean => about.kind === 'instruction.received' || !about.fields.some((one) => one.type === 'time');

// In which order they are asked: what is needed first, as the kind has them.
export function fieldsAsked(about: KindAbout, given: Record<string, string>): FieldAbout[] {
  const left = about.fields.filter((one) => !(one.name in given));
  return [...left.filter((one) => one.required), ...left.filter((one) => !one.required)];
}

// What was typed, or is known here, as the fact has it; a kind has not each field that is known.
export function valuesOf(about: KindAbout, typed: Record<string, string>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(typed).filter(([name]) => about.fields.some((one) => one.name === name)).map(([name, text]) => {
    const type = about.fields.find((one) => one.name === name)?.type;
    return [name, type === 'list' ? text.split(/[\s,，、;；]+/).filter(Boolean) : type === 'yesno' ? text === 'true' : type === 'number' ? Number(text) : text];
  }));
}
