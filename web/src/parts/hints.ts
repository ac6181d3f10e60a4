// What can be done about a doubt, where it is read. The service's hint names the member by
// which a program corrects a fact that is recorded (`instead_of`); who sits before a form has
// a fact that is not, and who has a list, a file.
import { say } from '../base/words';

const doubts: Record<string, 'swapped' | 'check' | 'no_symptoms'> = {
  'fact.date_swapped': 'swapped', 'case.date_swapped': 'swapped', 'fact.date_future': 'check', 'case.onset_future': 'check', 'case.onset_after_report': 'no_symptoms',
};

export function hintHere(code: string, hint: string, where: 'form' | 'file' = 'form'): string {
  const doubt = doubts[code];
  // A form has a button for what a program says as a fact of that kind.
  return doubt ? say(`hint.${where}.${doubt}`) : where === 'form' ? hint.replace(/（[a-z]+\.[a-z_]+）| \([a-z]+\.[a-z_]+\)/g, '') : hint;
}
