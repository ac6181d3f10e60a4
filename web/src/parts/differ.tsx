// What several say differently of one case, where the hole that asks about it leads: each with
// who said it and when. Lists that were imported are not compared with people, as the rule
// has it (desk/cases/holes/told_differently.sql).
import { came, health } from '../base/city';
import { useAnswer } from '../base/load';
import { withQuery } from '../base/ask';
import { instant, timeText } from '../base/times';
import { useReadable } from '../base/views';
import { say, word } from '../base/words';

interface Teller { device: string; onset: string | null; origin: string | null; linked_case: string | null; told_at: string }
type About = 'onset' | 'origin' | 'linked_case';

const day = 24 * 3600;

function differs(all: Teller[], about: About): boolean {
  const said = all.map((one) => one[about]).filter((one): one is string => one !== null && !(about === 'origin' && one === 'unknown'));
  if (about !== 'onset') return new Set(said).size > 1;
  const times = said.map(instant);
  return Math.max(...times) - Math.min(...times) >= day;
}

const textOf = (one: Teller, about: About): string => {
  const value = one[about] ?? '';
  return about === 'onset' ? timeText(value, health.value?.now) : about === 'origin' ? word('origin', value) : value;
};

export function Differ({ id }: { id: string }) {
  const reads = useReadable()?.has('cases/tellers') === true;
  const rows = useAnswer<{ rows: Teller[] }>(reads ? withQuery('/v1/views/cases/tellers', { case_id: id, limit: 100 }) : null, {}, [id, came.value]).answer?.rows ?? [];
  const people = rows.filter((one) => !one.device.startsWith('import/')).sort((a, b) => instant(b.told_at) - instant(a.told_at));
  const all = (['onset', 'origin', 'linked_case'] as const).filter((one) => differs(people, one));
  if (all.length === 0) return null;
  return (
    <div class="look" role="group" aria-label={say('case.differ')} data-differ>
      <p class="strong">{say('case.differ')}</p>
      {all.map((about) => <p key={about}><span class="second">{say(`case.differ.${about}`)}</span>{people.filter((one) => one[about]).map((one) => (
        <span key={one.device}> · <span class="strong">{textOf(one, about)}</span> <span class="soft">{one.device} {timeText(one.told_at, health.value?.now)}</span></span>))}</p>)}
    </div>
  );
}
