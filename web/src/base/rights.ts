// What each role may ask, so that nothing is asked that is refused: the rows of
// test/golden/policy.txt (test/e2e/web.sh compares them). The service decides all the same.
const roles = ['commander', 'lead', 'investigator', 'grid_worker', 'guard', 'sampler', 'lab', 'medic', 'regulator',
  'auditor', 'operator', 'resident'];

const table = {
  read_view: '++++-++++++-',
  read_personal_view: '#+++-+++++--',
  holes: '#+++-++++++-',
  counts: '++++-++++++-',
  clock: '+++----+-+--',
  contacts: '#++---------',
  who: '-++---------',
  source: '-++---------',
  import: '-++---+-----',
  events: '++++-++++++-',
  accounts: '-+--------+-',
  metrics: '----------+-',
};

// Who imports which list: every fact that a row of it may become is theirs.
export const lists: Record<string, string[]> = {
  persons: ['lead', 'investigator'],
  places: ['lead', 'investigator'],
  visits: ['lead', 'investigator'],
  encounters: ['lead', 'investigator'],
  cases: ['lead', 'investigator'],
  contacts: ['lead', 'investigator'],
  followups: ['lead', 'investigator'],
  tubes: ['lab'],
};

// Whom each makes, of those who make others; the service judges it with the grid.
export const makes: Record<string, string[]> = {
  lead: ['investigator', 'grid_worker', 'guard', 'sampler', 'medic', 'lead'],
  operator: ['lead', 'investigator', 'grid_worker', 'guard', 'sampler', 'lab', 'medic', 'regulator', 'operator', 'resident'],
};

export type Action = keyof typeof table;

// '+' rows, '#' counts alone, '-' nothing.
export function reach(role: string | undefined, action: Action): string {
  return role === undefined ? '-' : table[action].charAt(roles.indexOf(role)) || '-';
}
