// The outlines that the city loaded itself. Whether there are any is asked when the wall is
// opened and whenever a map is wanted, without them; they are fetched when the map is.
import { signal } from '@preact/signals';
import { ask, fetchFrom, type Refusal } from '../base/ask';
import type { Feature } from './ground';

export type Datum = 'wgs84' | 'gcj02';
export interface Outlines { digest: string; datum: Datum | null; loaded: string | null; features: Feature[] }

// `damaged`: the service has them and cannot give them. `unasked`: nothing is known, or they
// are not for who asks, who is offered no map and told nothing of one.
export type OutlinesAre = 'unasked' | 'none' | 'some' | 'damaged';
export const outlinesAre = signal<OutlinesAre>('unasked');

export async function lookForOutlines(): Promise<void> {
  try {
    const tag = (await fetchFrom('/v1/outlines', { method: 'HEAD' })).headers.get('ETag') ?? '';
    outlinesAre.value = tag === '' ? 'unasked' : tag.includes('none') ? 'none' : 'some';
  } catch (why) {
    outlinesAre.value = (why as Refusal).status === 500 ? 'damaged' : 'unasked';
  }
}

// They may have been taken away since they were looked for.
export async function readOutlines(): Promise<Outlines> {
  const outlines: Outlines = await ask('/v1/outlines');
  if (outlines.datum === null) outlinesAre.value = 'none';
  return outlines;
}
