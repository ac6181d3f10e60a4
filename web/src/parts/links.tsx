// From an id in a list to the page about it. An id of a person, or of a place that may be
// a home, goes along in memory: the address says the page alone.
import type { ComponentChildren } from 'preact';
import { chosenPerson, chosenPlace } from '../base/chosen';
import { may, mayRows } from '../base/city';
import { addressOf } from '../base/route';
import { word } from '../base/words';
import { nameOf, namesArrive, placeName } from '../net/names';

type Shown = { children?: ComponentChildren };

export function PersonLink({ person, children }: { person: string } & Shown) {
  if (!mayRows('read_personal_view')) return <>{children ?? person}</>;
  return <a href={addressOf('person')} onClick={() => { chosenPerson.value = person; }}>{children ?? person}</a>;
}

export function PlaceLink({ place, children }: { place: string } & Shown) {
  if (!may('read_view')) return <>{children ?? place}</>;
  return <a href={addressOf('place')} onClick={() => { chosenPlace.value = place; }}>{children ?? place}</a>;
}

export function CaseLink({ id, children }: { id: string } & Shown) {
  return mayRows('contacts') ? <a href={addressOf('case', { case: id })}>{children ?? id}</a> : <>{children ?? id}</>;
}

export function TubeLink({ tube, children }: { tube: string } & Shown) {
  return may('read_view') ? <a href={addressOf('views/testing/tubes', { tube_id: tube })}>{children ?? tube}</a> : <>{children ?? tube}</>;
}

// A letter to or from another region, as it is printed.
export function LetterLink({ letter, children }: { letter: string } & Shown) {
  return may('contacts') ? <a href={addressOf('letter', { letter })}>{children ?? letter}</a> : <>{children ?? letter}</>;
}

// An area by its name, else by its town's, with its code beside it for who files by codes.
export function GridText({ grid }: { grid: string }) {
  const name = nameOf(grid) ?? nameOf(grid.slice(0, 9));
  if (name) return <>{name} <span class="soft">{grid}</span></>;
  return namesArrive.value && grid !== '' ? <><span class="arrives" aria-hidden="true" /> <span class="soft">{grid}</span></> : <>{grid}</>;
}

// "tracing@320282003": the work group in words, and its area.
export function postText(post: string): string {
  const at = post.lastIndexOf('@');
  return at < 0 ? word('owner', post) : `${word('owner', post.slice(0, at))} ${nameOf(post.slice(at + 1)) ?? (namesArrive.value ? '' : post.slice(at + 1))}`;
}

// To the town in the cloth.
export function GridLink({ grid, named = true }: { grid: string; named?: boolean }) {
  const text = named ? placeName(grid) : <GridText grid={grid} />;
  if (!grid || !may('counts')) return <>{text}</>;
  return <a href={addressOf('wall', { grid: grid.slice(0, 9) })}>{text}</a>;
}

const ofCases = ['asymptomatic_symptoms', 'contacts_wait', 'no_core_report', 'no_first_facts', 'no_full_report', 'no_interview', 'no_post', 'no_source_search', 'no_treatment', 'not_isolated', 'told_differently'];

// What a hole is about; `personal` as the service says it of the kind.
export function SubjectLink({ kind, subject, personal, children }: { kind: string; subject: string; personal: boolean } & Shown) {
  const [desk = '', name = ''] = kind.split('/');
  if (personal) return <PersonLink person={subject}>{children}</PersonLink>;
  if (desk === 'cases' && ofCases.includes(name)) return <CaseLink id={subject}>{children}</CaseLink>;
  if (desk === 'tracing' && name.startsWith('letter_')) return <LetterLink letter={subject}>{children}</LetterLink>;
  if (kind === 'cases/place_not_listed') return <PlaceLink place={subject}>{children}</PlaceLink>;
  if (kind === 'testing/tube_no_result' || kind === 'testing/tube_no_post') return <TubeLink tube={subject}>{children}</TubeLink>;
  return <>{children ?? (/^[a-z_]+@[0-9]+$/.test(subject) ? postText(subject) : subject)}</>;
}
