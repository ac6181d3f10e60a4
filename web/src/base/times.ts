// Times as the service writes them, "2021-12-11T16:42:00+08:00": in the city's own zone,
// whichever the browser has.
import { say } from './words';

export function timeText(time: string | null | undefined, today?: string): string {
  if (!time) return '';
  const [day = '', clock = ''] = time.split('T');
  const hours = clock.slice(0, 5);
  if (today && today.startsWith(day)) return hours;
  const short = today && today.slice(0, 4) === day.slice(0, 4) ? day.slice(5) : day;
  return hours ? `${short} ${hours}` : short;
}

export const instant = (time: string): number => Date.parse(time) / 1000;

export function isTime(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value);
}

// "2 h 5 min", of two units at most.
export function spanText(seconds: number): string {
  const minutes = Math.max(0, Math.round(seconds / 60));
  const days = Math.floor(minutes / 1440), hours = Math.floor(minutes / 60) % 24;
  if (days > 0) return hours > 0 ? say('span.days_hours', { days, hours }) : say('span.days', { days });
  if (hours > 0) return minutes % 60 > 0 ? say('span.hours_minutes', { hours, minutes: minutes % 60 }) : say('span.hours', { hours });
  return say('span.minutes', { minutes });
}

export const numberText = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');
