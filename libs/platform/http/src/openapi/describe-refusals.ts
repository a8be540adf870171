import type { ProblemCode } from '../problems/problem-code.ts';
import { PROBLEM_TYPE } from '../problems/problem-details.ts';
import { type Problem, problemOfCode } from '../problems/problem-of-code.ts';

/** One response of OpenAPI for all codes of a status, under a name that says which they are. */
export interface Refusal {
  status: number;
  name: string;
  response: object;
}

/** The responses that carry these codes: routes that refuse alike share them. */
export function refusalsOf(problems: readonly ProblemCode[]): Refusal[] {
  const byStatus = Map.groupBy(problems.map(problemOfCode), ({ status }) => status);
  return [...byStatus].map(([status, all]) => ({
    status,
    name: all.map(({ code }) => code).join('.'),
    response: responseOf(status, all),
  }));
}

function responseOf(status: number, all: readonly Problem[]) {
  const codes = all.map(({ code }) => code);
  const schema = {
    $ref: '#/components/schemas/Problem',
    properties: { status: { const: status }, code: { enum: codes } },
  };
  const headers = textHeaders({
    ...(all.some(({ retryable }) => retryable) && { 'Retry-After': 'Seconds to wait.' }),
    ...(codes.includes('method-not-allowed') && { Allow: 'The methods that it answers.' }),
    ...(codes.includes('not-allowed') && { 'WWW-Authenticate': 'How to show the secret.' }),
  });
  const description = all.map(({ code, title }) => `\`${code}\`: ${title}.`).join(' ');
  const content = { [PROBLEM_TYPE]: { schema } };
  return { description, ...(headers && { headers }), content };
}

/** @returns headers as OpenAPI describes them; undefined for none */
export function textHeaders(described: Readonly<Record<string, string>>) {
  const headers = Object.entries(described).map(([name, description]) => [
    name,
    { description, schema: { type: 'string' } },
  ]);
  return headers.length === 0 ? undefined : Object.fromEntries(headers);
}
