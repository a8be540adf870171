import type { ProblemCode } from '../problems/problem-code.ts';
import type { Route } from '../server/route.ts';
import { refusalsOf, textHeaders } from './describe-refusals.ts';

type JsonSchema = Readonly<Record<string, unknown>>;
/** Keys are route and part, such as `GET /orders query`. */
export type Schemas = Readonly<Record<string, JsonSchema>>;

/** A route as an OpenAPI operation. */
export function describeOperation(
  route: Route,
  schemas: Schemas,
  problems: readonly ProblemCode[],
) {
  const key = `${route.method} ${route.path}`;
  const body = schemas[`${key} body`];
  return {
    operationId: `${route.method.toLowerCase()}${route.path.replaceAll(/[^a-z]+/gi, '-')}`,
    summary: route.summary,
    ...(route.secured === true && { security: [{ secret: [] }] }),
    parameters: [
      ...parametersOf('path', schemas[`${key} params`]),
      ...parametersOf('query', schemas[`${key} query`]),
      ...parametersOf('header', schemas[`${key} headers`]),
    ],
    ...(body !== undefined && {
      requestBody: { required: true, content: { 'application/json': { schema: body } } },
    }),
    responses: { ...answersOf(route, schemas), ...referencesTo(problems) },
  };
}

function parametersOf(where: 'path' | 'query' | 'header', schema: JsonSchema | undefined) {
  const properties = recordOf(schema?.['properties']);
  const required = Array.isArray(schema?.['required']) ? schema['required'] : [];
  return Object.entries(properties).map(([name, each]) => {
    const { description, ...rest } = recordOf(each);
    return {
      name,
      in: where,
      required: required.includes(name),
      ...(description !== undefined && { description }),
      schema: rest,
    };
  });
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function answersOf(route: Route, schemas: Schemas) {
  const { answers, answerHeaders = {}, produces = ['application/json'] } = route;
  const headers = textHeaders(answerHeaders);
  return Object.fromEntries(
    Object.keys(answers).map((status) => {
      const schema = schemas[`${route.method} ${route.path} ${status}`];
      const content = Object.fromEntries(produces.map((type) => [type, { schema }]));
      const description = route.summary;
      const body = schema === undefined ? {} : { content };
      return [status, { description, ...(headers && { headers }), ...body }];
    }),
  );
}

function referencesTo(problems: readonly ProblemCode[]) {
  return Object.fromEntries(
    refusalsOf(problems).map(({ status, name }) => [
      String(status),
      { $ref: `#/components/responses/${name}` },
    ]),
  );
}
