import { z } from 'zod';

/** The first issue of a document, with its place: `steps[0].atMs: no time`. Pure. */
export function firstIssue({ issues: [issue] }: z.ZodError): string {
  if (issue === undefined) return 'unknown';
  const where = z.core.toDotPath(issue.path);
  return where === '' ? issue.message : `${where}: ${issue.message}`;
}
