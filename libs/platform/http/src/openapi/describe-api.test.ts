import { expect, test } from 'vitest';
import { z } from 'zod';
import { route } from '../server/route.ts';
import { describeApi } from './describe-api.ts';

const tea = z.strictObject({ sku: z.string() }).meta({ id: 'Tea' });
const cup = z.object({ tea, size: z.int().default(1) }).meta({ id: 'Cup' });
const nothing = () => undefined;

const brew = route(
  {
    method: 'POST',
    path: '/cups/:id',
    summary: 'Brews a cup',
    params: z.object({ id: z.uuid() }),
    query: z.strictObject({ minutes: z.coerce.number().int().max(9).default(3) }),
    headers: z.object({ prefer: z.string().describe('How').optional() }),
    body: tea,
    answers: { 201: cup },
    answerHeaders: { Location: 'Where it is.' },
    problems: ['unknown-sku'],
  },
  nothing,
);
const drink = route(
  {
    method: 'DELETE',
    path: '/cups/:id',
    summary: '',
    answers: { 204: z.undefined() },
    problems: [],
    secured: true,
  },
  nothing,
);
const document = describeApi('kitchen', [brew, drink]);
const { post, delete: remove } = document.paths['/cups/{id}'] ?? {};

test('an operation describes parameters by name, and the body by its component', () => {
  const minutes = { type: 'integer', maximum: 9, default: 3 };
  expect(post).toMatchObject({
    operationId: 'post-cups-id',
    parameters: [
      { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } },
      { name: 'minutes', in: 'query', required: false, schema: minutes },
      { name: 'prefer', in: 'header', required: false, description: 'How' },
    ],
    requestBody: {
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Tea' } } },
    },
  });
});

test('a response has its headers and its schema with defaults applied', () => {
  expect(post).toMatchObject({
    responses: {
      201: {
        headers: { Location: { description: 'Where it is.' } },
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Cup' } } },
      },
    },
  });
  expect(document.components.schemas).toMatchObject({
    Cup: {
      required: ['tea', 'size'],
      properties: { tea: { $ref: '#/components/schemas/Tea' } },
      additionalProperties: false,
    },
    Problem: { required: expect.arrayContaining(['type', 'status', 'code']) },
  });
});

test('a response without a body has no content', () => {
  expect(remove).toMatchObject({ responses: { 204: { description: expect.any(String) } } });
  expect(remove).not.toMatchObject({ responses: { 204: { content: {} } } });
});

/** The name of each referenced response of an operation, by status. */
function codesOf(operation: unknown): Record<string, string> {
  const { responses } = z.object({ responses: z.record(z.string(), z.unknown()) }).parse(operation);
  const reference = z.object({ $ref: z.string() });
  return Object.fromEntries(
    Object.entries(responses).flatMap(([status, each]) => {
      const name = reference.safeParse(each).data?.$ref.split('/').at(-1);
      return name === undefined ? [] : [[status, name]];
    }),
  );
}

test('an operation lists its own codes and those of the HTTP edge, by status', () => {
  const shared = { 400: 'invalid-request', 404: 'not-found', 500: 'internal-error' };
  const body = { 413: 'body-too-large', 415: 'unsupported-media-type' };
  const open = { 422: 'unknown-sku', 429: 'too-many-requests' };
  expect(codesOf(post)).toMatchObject({ ...shared, ...body, ...open });
  expect(codesOf(remove)).toMatchObject({ ...shared, 401: 'not-allowed' });
  expect(Object.keys(codesOf(remove))).not.toEqual(expect.arrayContaining(['413', '429']));
  expect(codesOf(post)['503']).toContain('overloaded');
  expect(codesOf(remove)['503']).not.toContain('overloaded');
});

test('the response of a refusal is a problem document with its codes and a Retry-After', () => {
  const { 'not-allowed': closed, 'too-many-requests': often } = document.components.responses;
  const schema = { properties: { status: { const: 429 }, code: { enum: ['too-many-requests'] } } };
  const content = { 'application/problem+json': { schema } };
  expect(often).toMatchObject({ headers: { 'Retry-After': {} }, content });
  expect(closed).toMatchObject({ headers: { 'WWW-Authenticate': {} } });
});

test('a schema name with two different shapes is an error', () => {
  const body = z.object({ n: z.int().default(1) }).meta({ id: 'Twice' });
  const echo = { method: 'POST', path: '/', summary: '', body, answers: { 200: body } } as const;
  const route1 = route({ ...echo, problems: [] }, nothing);
  expect(() => describeApi('echo', [route1])).toThrow('the schema Twice differs');
});
