// What can be asked, as the service describes itself.
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useAnswer } from '../base/load';
import { Refused, Title, Waiting } from '../parts/shown';
import { inLanguage, say, word } from '../base/words';

interface Said { description?: string; summary?: string; 'x-description-zh'?: string; 'x-summary-zh'?: string }
interface Schema extends Said {
  $ref?: string; enum?: string[]; const?: string; type?: string | string[]; format?: string; title?: string;
  items?: Schema; properties?: Record<string, Schema>; required?: string[];
  'x-format'?: string; 'x-personal'?: boolean; 'x-roles'?: string[]; 'x-class'?: string; 'x-title-zh'?: string;
  'x-line-schema'?: Schema;
}
interface Parameter extends Said { $ref?: string; name: string; in: string; required?: boolean; schema?: Schema }
interface Operation extends Said {
  operationId: string; security: unknown[]; parameters: Parameter[];
  requestBody?: { content: Record<string, { schema: Schema }> };
  responses: Record<string, Said>;
}
interface Description {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; parameters: Record<string, Parameter> };
}

const said = (one: Said): string =>
  inLanguage(one['x-description-zh'] || one['x-summary-zh'], one.description || one.summary);
const lastOf = (path: string): string => path.split('/').pop() ?? '';

function typeOf(schema: Schema | undefined): string {
  if (!schema) return '';
  if (schema.$ref) return lastOf(schema.$ref);
  if (schema.enum) return schema.enum.join(' | ');
  if (schema.const) return schema.const;
  if (schema.type === 'array') return `[${typeOf(schema.items)}]`;
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  return schema.format || schema['x-format'] || type || '';
}

function Rows({ heads, rows }: { heads: string[]; rows: ComponentChildren[][] }) {
  return (
    <div class="scroll"><table>
      <thead><tr>{heads.map((one) => <th key={one} scope="col">{one}</th>)}</tr></thead>
      <tbody>{rows.map((cells, at) => <tr key={at}>{cells.map((one, column) => <td key={column}>{one}</td>)}</tr>)}</tbody>
    </table></div>
  );
}

function Answering({ description, path, method, operation }: {
  description: Description; path: string; method: string; operation: Operation;
}) {
  const parameters = operation.parameters
    .map((one) => (one.$ref ? description.components.parameters[lastOf(one.$ref)] ?? one : one))
    .map((one) => [<code>{one.name}{one.required ? ' *' : ''}</code>, word('api', one.in), typeOf(one.schema), said(one)]);
  const [body] = Object.entries(operation.requestBody?.content ?? {});
  return (
    <details>
      <summary><span class="method">{method.toUpperCase()}</span><code>{path}</code> <span class="soft">{said(operation)}</span></summary>
      <div>
        <p class="soft">{operation.operationId} · {say(operation.security.length === 0 ? 'api.open' : 'api.closed')}</p>
        {parameters.length > 0 &&
          <Rows heads={[say('api.parameter'), say('api.where'), say('api.type'), say('api.what')]} rows={parameters} />}
        {body && <p>{say('api.body')}: <code>{body[0]}</code> {typeOf(body[1].schema['x-line-schema'] ?? body[1].schema)}</p>}
        <Rows heads={[say('api.answers'), say('api.what')]}
          rows={Object.entries(operation.responses).map(([status, one]) => [<code>{status}</code>, said(one)])} />
      </div>
    </details>
  );
}

function Fields({ schema, head }: { schema: Schema | undefined; head: string }) {
  const rows = Object.entries(schema?.properties ?? {}).map(([name, one]) => [
    <code>{name}{schema?.required?.includes(name) ? ' *' : ''}</code>,
    typeOf(one) + (one['x-personal'] ? ` · ${say('api.personal')}` : ''), said(one)]);
  return <Rows heads={[head, say('api.type'), say('api.what')]} rows={rows} />;
}

function Fact({ name, schema }: { name: string; schema: Schema }) {
  const roles = (schema['x-roles'] ?? []).map((one) => word('role', one)).join(say('comma'));
  return (
    <details>
      <summary><code>{name}</code> <span class="soft">{said(schema)}</span></summary>
      <div>
        <p class="soft">{word('api', schema['x-class'] ?? '')} · {say('api.roles')}: {roles}</p>
        <Fields schema={schema.properties?.body} head={say('api.field')} />
      </div>
    </details>
  );
}

function View({ name, schema }: { name: string; schema: Schema }) {
  return (
    <details>
      <summary><code>{name}</code> <span class="soft">{inLanguage(schema['x-title-zh'], schema.title)}</span></summary>
      <div><p>{said(schema)}</p><Fields schema={schema} head={say('api.column')} /></div>
    </details>
  );
}

export function Api() {
  const { answer: description, refusal, waiting } = useAnswer<Description>('/v1/openapi.json', {}, []);
  const wanted = useSignal('');
  if (!description) return waiting ? <Waiting /> : <Refused refusal={refusal} />;
  const fits = (...texts: (string | undefined)[]) => texts.join(' ').toLowerCase().includes(wanted.value.trim().toLowerCase());
  const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));
  const schemas = (start: string) => Object.entries(description.components.schemas)
    .filter(([name, one]) => name.startsWith(start) && fits(name.replace('.', '/'), name, said(one), one.title, one['x-title-zh']))
    .map(([name, schema]) => ({ name: name.slice(start.length), schema }));
  return (
    <section>
      <Title level={1} text={say('api.title')} />
      <p class="note">{say('api.note')} <a href="/v1/openapi.json">/v1/openapi.json</a></p>
      <div class="filters"><label>{say('api.find')}
        <input type="search" data-filter value={wanted.value} onInput={(event) => { wanted.value = event.currentTarget.value; }} /></label></div>
      {operations.filter(({ path, method, operation }) => fits(method, path, operation.operationId, said(operation)))
        .map((one) => <Answering key={one.method + one.path} description={description} {...one} />)}
      <h2>{say('api.facts')}</h2>
      {schemas('fact.').map((one) => <Fact key={one.name} {...one} />)}
      <h2>{say('api.views')}</h2>
      {schemas('view.').map((one) => <View key={one.name} name={one.name.replace('.', '/')} schema={one.schema} />)}
    </section>
  );
}
