import type { ProblemCode } from '../problems/problem-code.ts';
import { PROBLEM_TYPE } from '../problems/problem-details.ts';
import { type Problem, problemOfCode } from '../problems/problem-of-code.ts';

/** One OpenAPI response for all codes of a status. Its name lists the codes. */
export interface Refusal {
  status: number;
  name: string;
  response: object;
}

/** The responses with these codes: routes with the same codes share them. */
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
    ...(codes.includes('method-not-allowed') && { Allow: 'The methods that this path answers.' }),
    ...(codes.includes('not-allowed') && { 'WWW-Authenticate': 'How to send the secret.' }),
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
