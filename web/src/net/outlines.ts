// The outlines that the city loaded itself. Whether there are any is asked when the wall is
// opened, without them; they are fetched when the map is.
import { signal } from '@preact/signals';
import { ask, fetchFrom } from '../base/ask';
import type { Feature } from './ground';

export type Datum = 'wgs84' | 'gcj02';
export interface Outlines { digest: string; datum: Datum | null; loaded: string | null; features: Feature[] }

export const hasOutlines = signal(false);

// Who may not have them is offered no map, and told nothing: it is no page of theirs.
export async function lookForOutlines(): Promise<void> {
  try {
    const tag = (await fetchFrom('/v1/outlines', { method: 'HEAD' })).headers.get('ETag') ?? '';
    hasOutlines.value = tag !== '' && !tag.includes('none');
  } catch {
    hasOutlines.value = false;
  }
}

export const readOutlines = (): Promise<Outlines> => ask('/v1/outlines');
