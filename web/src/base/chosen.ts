// Whom and where one looked last: what may not stand in an address is handed from page to
// page here. Only memory holds it: a page that is read anew asks again.
import { signal } from '@preact/signals';

export const chosenPerson = signal('');
// A place's id as well, until it is known that it is nobody's home.
export const chosenPlace = signal('');

export function forgetChosen(): void {
  chosenPerson.value = '';
  chosenPlace.value = '';
}
