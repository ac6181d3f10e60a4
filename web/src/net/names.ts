// What an area is called. The service knows codes alone, so that an area is said by the
// part of its code that tells it from its neighbours; the whole code stands in lists.
import { say } from '../base/words';

export function placeName(grid: string): string {
  if (grid === '') return say('wall.place.unknown');
  if (grid.length === 9) return say('wall.place.town', { code: grid.slice(6) });
  if (grid.length === 12) return say('wall.place.village', { code: grid.slice(9) });
  return say('wall.place.wider', { code: grid });
}
