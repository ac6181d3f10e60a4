// Kinds of facts as the service describes them: fields with titles, types and words. They
// are asked for when somebody edits or pastes, and once.
import { ask } from '../base/ask';

export type FieldType = 'text' | 'time' | 'date' | 'yesno' | 'word' | 'number' | 'list' | 'other';
export interface FieldAbout { name: string; zh: string; en: string; type: FieldType; words: string[]; required: boolean; personal: boolean; names?: 'person' | 'place' }
export interface KindAbout { kind: string; zh: string; en: string; roles: string[]; fields: FieldAbout[] }

interface Schema {
  type?: string; format?: string; items?: Schema; enum?: string[]; description?: string; required?: string[]; properties?: Record<string, Schema>;
  'x-description-zh'?: string; 'x-format'?: string; 'x-personal'?: boolean; 'x-names'?: 'person' | 'place'; 'x-roles'?: string[];
}

function typeOf(one: Schema): FieldType {
  if (one.enum) return 'word';
  if (one.type === 'boolean') return 'yesno';
  if (one.type === 'number' || one.type === 'integer') return 'number';
  if (one.format === 'date') return 'date';
  if (one['x-format'] === 'ISO 8601') return 'time';
  if (one.type === 'array' && one.items?.type === 'string') return 'list';
  return one.type === 'string' ? 'text' : 'other';
}

// Of a list what its items name.
function namesOf(one: Schema): { names?: 'person' | 'place' } {
  const names = one['x-names'] ?? one.items?.['x-names'];
  return names ? { names } : {};
}

// A title that says what a code means says it to programs: a page has words for codes.
const forPeople = (title: string): string => title.replace(/（[a-z_]+ 为[^）]*）$| \([a-z_]+: [^)]*\)$/, '');

function aboutOf(kind: string, schema: Schema): KindAbout {
  const body = schema.properties?.body;
  return {
    kind, zh: schema['x-description-zh'] ?? '', en: schema.description ?? '', roles: schema['x-roles'] ?? [],
    fields: Object.entries(body?.properties ?? {}).map(([name, one]) => ({
      name, zh: forPeople(one['x-description-zh'] ?? name), en: forPeople(one.description ?? name), type: typeOf(one), words: one.enum ?? [],
      required: body?.required?.includes(name) ?? false, personal: one['x-personal'] ?? false, ...namesOf(one),
    })).filter((one) => one.type !== 'other'),
  };
}

let asked: Promise<Map<string, KindAbout>> | null = null;

export function describedKinds(): Promise<Map<string, KindAbout>> {
  asked ??= ask<{ components: { schemas: Record<string, Schema> } }>('/v1/openapi.json').then((said) => {
    const facts = Object.entries(said.components.schemas).filter(([name]) => name.startsWith('fact.'));
    return new Map(facts.map(([name, one]) => [name.slice(5), aboutOf(name.slice(5), one)]));
  });
  asked.catch(() => { asked = null; });
  return asked;
}
