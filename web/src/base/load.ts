// A question that is asked when what it depends on changes. What was there stays until the
// next answer is; an answer that comes too late is not shown.
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { ask, Refusal, type Question } from './ask';
import { heed } from './city';
import { language } from './words';

export interface Loaded<T> { answer: T | null; refusal: Refusal | null; waiting: boolean }

export function useAnswer<T>(path: string | null, question: Question, depends: unknown[]): Loaded<T> {
  const loaded = useSignal<Loaded<T>>({ answer: null, refusal: null, waiting: path !== null });
  useEffect(() => {
    let over = false;
    if (path === null) {
      loaded.value = { answer: null, refusal: null, waiting: false };
      return undefined;
    }
    loaded.value = { ...loaded.value, waiting: true };
    ask<T>(path, question).then(
      (answer) => { if (!over) loaded.value = { answer, refusal: null, waiting: false }; },
      (refusal: Refusal) => {
        if (over) return;
        heed(refusal);
        loaded.value = { answer: refusal.status === 0 || refusal.status === 401 ? loaded.value.answer : null, refusal, waiting: false };
      },
    );
    return () => { over = true; };
  }, [path, language.value, ...depends]);
  return loaded.value;
}
