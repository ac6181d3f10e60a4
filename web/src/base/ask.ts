// Questions to the service. Every refusal is an `Refusal` with the service's own sentences.
import { language } from './words';

export interface AsOf { position: number; at: string | null }

export class Refusal extends Error {
  constructor(readonly status: number, readonly code: string, message: string, readonly hint: string, readonly params: Record<string, string> = {}, readonly detail = '') {
    super(message);
  }
}

export interface Question {
  method?: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE';
  body?: unknown;
  lines?: unknown[]; // instead of a body: one object a line
  file?: Blob; // instead of a body: as it is
  purpose?: string;
  accept?: string;
  patience?: number; // ms; who answers nothing for so long is as one who is away
}

// What a session gives at the log-in, and whatever changes something has to bring.
let proof = '';

export function carry(csrf: string | undefined): void {
  proof = csrf ?? '';
}

export async function fetchFrom(path: string, question: Question = {}): Promise<Response> {
  const headers: Record<string, string> = { 'Accept-Language': language.value };
  if (question.body !== undefined) headers['Content-Type'] = 'application/json';
  if (question.lines !== undefined) headers['Content-Type'] = 'application/x-ndjson';
  if (question.file !== undefined) headers['Content-Type'] = 'application/octet-stream';
  if (question.purpose) headers['Weft-Purpose'] = question.purpose;
  if (question.method && question.method !== 'GET' && question.method !== 'HEAD' && proof) headers['Weft-CSRF'] = proof;
  if (question.accept) headers['Accept'] = question.accept;
  let reply: Response;
  try {
    reply = await fetch(path, {
      method: question.method ?? 'GET',
      headers,
      body: question.file !== undefined ? question.file : question.lines !== undefined ? question.lines.map((one) => `${JSON.stringify(one)}\n`).join('')
        : question.body === undefined ? null : JSON.stringify(question.body),
      credentials: 'same-origin',
      ...(question.patience ? { signal: AbortSignal.timeout(question.patience) } : {}),
    });
  } catch {
    throw new Refusal(0, 'gone', '', '');
  }
  if (reply.ok) return reply;
  const said = await reply.json().catch(() => ({})) as { code?: string; message?: string; detail?: string; hint?: string; params?: Record<string, string> };
  throw new Refusal(reply.status, said.code ?? '', said.message ?? '', said.hint ?? '', said.params, said.detail);
}

export async function ask<T>(path: string, question: Question = {}): Promise<T> {
  const reply = await fetchFrom(path, question);
  return (reply.status === 204 ? undefined : await reply.json()) as T;
}

// "/v1/holes" and {grid, limit}: what is empty is left out.
export function withQuery(path: string, values: Record<string, string | number | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values))
    if (value !== undefined && value !== '') query.set(name, String(value));
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}
