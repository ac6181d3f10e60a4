// The outbreak on the wall: contacts with what of them is open, and cases by onset.
import { useMemo } from 'preact/hooks';
import { withQuery, type AsOf } from '../base/ask';
import { may } from '../base/city';
import { addressOf, query } from '../base/route';
import { numberText } from '../base/times';
import { language, say, word } from '../base/words';
import { Drawing } from '../charts/drawing';
import type { Onset } from '../charts/onset_chart';
import { useLive } from './live';
import { FunnelRows, type Stage } from './marks';
import type { NetAnswer } from './model';
import { categories, categoryOf, countOf, curveOf, inControl, markOf, squaresOf, type Category, type OnsetCurve, type OnsetDay } from './onset';
import { Panel, type List } from './panel';

export interface Answer<Row> { rows: Row[]; as_of: AsOf; complete: boolean }
export interface Step {
  outbreak: string; case_id: string; step: string; done_at: string | null; in_time: number; late: number; overdue: number; pending: number; unknown: number;
}

// How often what is not quick to answer is asked again at most, in ms.
export const calm = 3000;

// ---- contacts ----

interface Risk {
  outbreak: string; level: string; least: number; most: number; open: number;
  not_identified: number; not_judged: number; not_reached: number; not_placed: number; not_tested: number; became_cases: number; followed: number;
}
const levels = ['close', 'secondary', 'general', 'unknown'] as const;
const lacks = ['not_identified', 'not_judged', 'not_reached', 'not_placed', 'not_tested'] as const;
const stages = ['named', 'confirmed', 'reached', 'placed', 'tested'] as const;

const riskText = (one: Risk): string => say('wall.risk', { open: numberText(one.open), least: numberText(one.least), most: numberText(one.most) });

// What a panel counts of the whole outbreak says so where the wall shows one area of it.
export const ofWhole = (): string => (query.value.get('grid') ? say('wall.of_outbreak') : '');

// Of the outbreak that the clock is of; never one figure, and no sum of the levels.
function useRisk(outbreak: string | undefined): Risk[] | null {
  const path = outbreak !== undefined && may('clock') ? withQuery('/v1/views/tracing/open_risk', { outbreak, limit: 10 }) : null;
  const rows = useLive<Answer<Risk>>(path, calm).answer?.rows;
  return rows ? levels.map((level) => rows.find((one) => one.level === level)).filter((one) => one !== undefined) : null;
}

export function ContactsPanel({ answer, steps, outbreak }: { answer: NetAnswer; steps: Step[]; outbreak: string | undefined }) {
  const risks = useRisk(outbreak);
  const sums = (level: string, name: typeof stages[number]) => (answer.contacts ?? []).filter((one) => one.level === level).reduce((sum, one) => sum + one[name], 0);
  const stagesOf = (level: string): Stage[] => (['reached', 'placed', 'tested'] as const).map((name) =>
    ({ name: say(`wall.stage.${name}`), done: sums(level, name), of: sums(level, 'confirmed'), late: null, pending: null }));
  const dueOf = (name: string) => steps.find((one) => one.step === `contacts_${name}`), riskOf = (level: string) => risks?.find((one) => one.level === level);
  const list = (): List => ({
    columns: [say('lookups.level'), ...stages.map((one) => say(`wall.stage.${one}`)),
      ...(risks ? [say('wall.risk_open'), ...lacks.map((one) => say(`wall.lack.${one}`)), say('wall.risk_least'), say('wall.risk_most')] : [])],
    rows: levels.map((level) => {
      const risk = riskOf(level);
      return [word('level', level), ...stages.map((one) => sums(level, one)),
        ...(risks ? [risk?.open ?? 0, ...lacks.map((one) => risk?.[one] ?? 0), risk?.least ?? 0, risk?.most ?? 0] : [])];
    }),
    link: { to: addressOf('views/tracing/open_risk'), text: say('wall.to_view') },
  });
  return (
    <Panel name="contacts" title={say('wall.contacts')} asOf={answer.as_of} complete={answer.complete} list={list} note={say('wall.of_confirmed')}>
      {!answer.contacts ? <p class="soft">{say('wall.not_yours')}</p> : (['close', 'secondary'] as const).map((level) => (
        <div class="funnel" key={level}>
          <h3>{word('level', level)} <b>{numberText(sums(level, 'confirmed'))}</b> <span class="second">{say('wall.judged_of', { named: numberText(sums(level, 'named')) })}</span></h3>
          <FunnelRows stages={stagesOf(level)} />
        </div>
      ))}
      {answer.contacts && <p class="foot-note">{ofWhole() && <span class="strong" data-whole>{ofWhole()}</span>}{(['reached', 'placed', 'tested'] as const).map((name) => {
        const one = dueOf(name);
        return one && <span key={name}>{say(`wall.stage.${name}`)} <b class={one.overdue > 0 ? 'late' : ''}>{say('wall.overdue_n', { count: one.overdue })}</b> {say('wall.pending_n', { count: one.pending })}</span>;
      })}</p>}
      {!risks && may('clock') && <div class="risk" />}
      {risks && risks.length > 0 && (
        <div class="risk" role="group" aria-label={say('wall.risk_title')}>
          <p><b>{say('wall.risk_title')}</b> {ofWhole() && <span class="strong" data-whole>{ofWhole()}</span>} <span class="second">{say('wall.risk_hidden')}</span></p>
          <ul class="plain">{risks.filter((one) => one.open > 0 || one.level === 'close').map((one) => <li key={one.level}><span>{word('level', one.level)}</span> <b>{riskText(one)}</b></li>)}</ul>
        </div>
      )}
    </Panel>
  );
}

// ---- the curve ----

interface Milestone { case_id: string; onset: string | null }
interface Found { case_id: string; category: string }

// What ECharts draws, in the words of today's language. The month stands below the first
// day, and where another begins.
const drawing = async () => (await import('../charts/onset_chart')).drawOnset;

function chartOf({ days, each, top }: OnsetCurve, shown: Category[]): Onset {
  const months = new Intl.DateTimeFormat(language.value === 'en' ? 'en' : 'zh-CN', { month: 'short', timeZone: 'UTC' });
  const named = days.length <= 12 ? days : days.filter((_one, at) => (days.length - 1 - at) % 3 === 0);
  const begins = (day: OnsetDay) => { const before = named[named.indexOf(day) - 1]; return before?.day.slice(5, 7) !== day.day.slice(5, 7); };
  return {
    each, top,
    days: days.map((one) => ({
      label: !named.includes(one) ? '' : `${Number(one.day.slice(8))}${begins(one) ? `\n${months.format(new Date(`${one.day}T00:00:00Z`))}` : ''}`,
      text: [say('wall.day_cases', { day: one.day, count: one.all }), ...shown.map((name) => say('wall.day_of', { name: word('wall.found', name), count: one.counts[name] })),
        ...(one.complete ? [] : [say('wall.day_incomplete')])],
      marks: squaresOf(one, each).map(markOf), complete: one.complete,
    })),
  };
}

// In words: the days that have cases.
const curveText = ({ days }: OnsetCurve): string => say('wall.curve_text', {
  first: days[0]?.day ?? '', last: days[days.length - 1]?.day ?? '', days: days.filter((one) => one.all > 0).map((one) => `${one.day.slice(5)} ${one.all}`).join(say('wall.comma')),
});

function Square({ category }: { category: Category }) {
  const mark = markOf(category);
  return (
    <svg viewBox="-.08 -.08 1.16 1.16" class={`found${mark.dyed ? ' dyed' : ''}${mark.dashed ? ' dashed' : ''}`} aria-hidden="true">
      {mark.full && <path class="full" d={mark.full} />}<path class="edge" d={mark.edge} />{mark.cross && <path class="cross" d={mark.cross} />}
    </svg>
  );
}

export function CurvePanel({ today }: { today: string }) {
  const milestones = useLive<Answer<Milestone>>('/v1/views/cases/milestones?limit=5000', calm).answer;
  const found = useLive<Answer<Found>>('/v1/views/cases/found?limit=5000', calm).answer;
  const speaks = language.value;
  const where = new Map((found?.rows ?? []).map((one) => [one.case_id, categoryOf(one.category)])), all = where.size, counts = countOf(found?.rows ?? []);
  const cases = (milestones?.rows ?? []).filter((one) => one.onset && where.has(one.case_id)).map((one) => ({ onset: one.onset!.slice(0, 10), category: where.get(one.case_id)! }));
  const curve = curveOf(cases, today), { days, each } = curve, shown = categories.filter((one) => one !== 'unknown' || counts.unknown > 0);
  // Drawn anew when a day has another count, whatever else has come.
  const chart = useMemo(() => chartOf(curve, shown), [JSON.stringify(curve), shown.length, speaks]);
  const list = (): List => ({
    columns: [say('wall.onset'), ...categories.map((one) => word('wall.found', one)), say('wall.days_complete')],
    rows: days.map((one) => [one.day, ...categories.map((category) => one.counts[category]), say(one.complete ? 'yes' : 'no')]),
    link: { to: addressOf('views/cases/found'), text: say('wall.to_view') },
  });
  return (
    <Panel name="curve" title={say('wall.curve')} asOf={milestones?.as_of} complete={milestones?.complete} list={list}
      note={[ofWhole(), say('wall.with_onset', { count: cases.length, all })].filter(Boolean).join(' · ')}>
      {!found ? null : all === 0 ? <p class="soft">{say('wall.no_cases')}</p> : <div class="onset">
        <Drawing fetch={drawing} data={chart} text={curveText(curve)} kind="curve" />
        <div>
          <ul class="plain">{shown.map((one) => (
            <li key={one}><Square category={one} /><b>{counts[one]}</b>/{all} <span>{word('wall.found', one)}</span></li>
          ))}</ul>
          <p class="soft">{say('wall.control_of', { count: inControl.reduce((sum, one) => sum + counts[one], 0), all })} · {say('wall.square', { count: each })}</p>
        </div>
      </div>}
    </Panel>
  );
}
