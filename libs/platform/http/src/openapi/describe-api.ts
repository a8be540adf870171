import { strict as assert } from 'node:assert';
import { isDeepStrictEqual } from 'node:util';
import { problem } from '@indoubt/contracts';
import { z } from 'zod';
import { problemsOf } from '../problems/problems-of-route.ts';
import type { Route } from '../server/route.ts';
import { describeOperation, type Schemas } from './describe-operation.ts';
import { refusalsOf } from './describe-refusals.ts';

/**
 * The OpenAPI document of the declared routes. Pure: the same routes give the same text.
 * @param name the name of the service
 * @see OpenAPI 3.1.1; JSON Schema 2020-12
 */
export function describeApi(name: string, routes: readonly Route[]) {
  const { schemas, components } = schemasOf(routes);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    const operations = (paths[path] ??= {});
    operations[route.method.toLowerCase()] = describeOperation(route, schemas, problemsOf(route));
  }
  const refusals = routes.flatMap((route) => refusalsOf(problemsOf(route)));
  const responses = Object.fromEntries(refusals.map(({ name: id, response }) => [id, response]));
  const secret = { type: 'http', scheme: 'bearer', description: 'The secret of the lab.' };
  return {
    openapi: '3.1.0',
    info: {
      title: `In Doubt: ${name}`,
      version: '1.0.0',
      description:
        'Every error is a problem document (RFC 9457); its `type` is a page about the code.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths,
    components: { schemas: components, responses, securitySchemes: { secret } },
  };
}

/** The schemas of all routes. Schemas with a name (`.meta({ id })`) become components. */
function schemasOf(routes: readonly Route[]): { schemas: Schemas; components: object } {
  const requestSchemas: Record<string, z.ZodType> = {};
  const responseSchemas: Record<string, z.ZodType> = { problem };
  for (const route of routes) {
    const key = `${route.method} ${route.path}`;
    for (const part of ['params', 'query', 'headers', 'body'] as const) {
      const schema = route[part];
      if (schema !== undefined) requestSchemas[`${key} ${part}`] = schema;
    }
    for (const [status, schema] of Object.entries(route.answers)) {
      // 204 and 304 have no body, and JSON Schema cannot express that.
      if (!(schema instanceof z.ZodUndefined)) responseSchemas[`${key} ${status}`] = schema;
    }
  }
  const inputs = convert(requestSchemas, 'input');
  const outputs = convert(responseSchemas, 'output');
  const components = { ...inputs.named };
  for (const [id, schema] of Object.entries(outputs.named)) {
    const clash = Object.hasOwn(components, id) && !isDeepStrictEqual(components[id], schema);
    assert(!clash, `the schema ${id} differs between requests and responses`);
    components[id] = schema;
  }
  return { schemas: { ...inputs.each, ...outputs.each }, components };
}

const DEFINED = '#/$defs/';
const COMPONENT = '#/components/schemas/';

function convert(schemas: Record<string, z.ZodType>, io: 'input' | 'output') {
  const all = z.toJSONSchema(z.object(schemas), { io, target: 'draft-2020-12' });
  const text = JSON.stringify(all).replaceAll(`"${DEFINED}`, `"${COMPONENT}`);
  const { properties = {}, $defs = {} } = converted.parse(JSON.parse(text));
  return { each: properties, named: $defs };
}

const jsonSchema = z.record(z.string(), z.unknown());
const converted = z.object({
  properties: z.record(z.string(), jsonSchema).optional(),
  $defs: z.record(z.string(), jsonSchema).optional(),
});
