// A question that follows the facts: asked again when some came, one at a time, so that
// under a stream of facts, or on a slow line, each answer that comes is shown; and no
// oftener than every so many milliseconds. A window that nobody sees asks nothing: facts
// count as come when it is seen again (base/city.ts).
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ask, type Refusal } from '../base/ask';
import { came, heed } from '../base/city';
import type { Loaded } from '../base/load';
import { language } from '../base/words';

export function useLive<T>(path: string | null, every: number): Loaded<T> {
  const loaded = useSignal<Loaded<T>>({ answer: null, refusal: null, waiting: path !== null });
  useEffect(() => {
    if (path === null) {
      loaded.value = { answer: null, refusal: null, waiting: false };
      return undefined;
    }
    let over = false, under = false, again = false, timer = 0, begun = -Infinity;
    const later = () => { if (timer === 0) timer = window.setTimeout(() => { timer = 0; go(); }, Math.max(0, begun + every - performance.now())); };
    const done = (next: Loaded<T>) => {
      if (over) return;
      under = false;
      loaded.value = next;
      if (again) later();
    };
    const go = () => {
      again = false;
      under = true;
      begun = performance.now();
      ask<T>(path).then((answer) => done({ answer, refusal: null, waiting: false }), (refusal: Refusal) => {
        heed(refusal);
        done({ answer: refusal.status === 0 ? loaded.value.answer : null, refusal, waiting: false });
      });
    };
    go();
    const end = came.subscribe(() => {
      if (document.hidden) return;
      again = true;
      if (!under) later();
    });
    return () => {
      over = true;
      end();
      window.clearTimeout(timer);
    };
  }, [path, language.value]);
  return loaded.value;
}
