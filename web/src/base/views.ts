// Which views somebody may read, and rows of one of them: asked in a body, so that what is
// sought stands in no address of the service's either.
import type { AsOf } from './ask';
import { session } from './city';
import { useAnswer, type Loaded } from './load';

export type Value = string | number | boolean | null;
export type Row = Record<string, Value>;
export interface Page { rows: Row[]; next?: string | null; as_of: AsOf; complete: boolean }

export const textIn = (row: Row | undefined, name: string): string => {
  const value = row?.[name];
  return typeof value === 'string' ? value : '';
};

// null: not known yet.
export function useReadable(): Set<string> | null {
  const { answer } = useAnswer<{ rows: { view: string }[] }>(session.value ? '/v1/views' : null, {}, [session.value?.name]);
  return answer ? new Set(answer.rows.map((one) => one.view)) : null;
}

export function useRows(view: string, fields: Record<string, string> | null, more: { purpose?: string; sort?: string; limit?: number; again?: unknown }): Loaded<Page> {
  const body = { fields: fields ?? {}, limit: more.limit ?? 100, ...(more.sort ? { sort: more.sort } : {}) };
  return useAnswer<Page>(fields ? `/v1/views/${view}/query` : null, { method: 'POST', body, ...(more.purpose ? { purpose: more.purpose } : {}) },
    [JSON.stringify(body), more.purpose, more.again]);
}
