import { PROBLEM_CODES, type Problem, problemOfCode } from './problem-of-code.ts';

const CERTAIN = {
  definite: 'definite: nothing happened and nothing will',
  indefinite: 'indefinite: it may have happened',
} as const;

/** What a code means, in lines of plain text. */
function linesOf({ code, status, title, certainty, means, next }: Problem): string[] {
  return [`${code}: ${title}`, `HTTP ${status}, ${CERTAIN[certainty]}`, means, next];
}

/** The page that a problem's `type` leads to, for a terminal. */
export function problemText(problem: Problem): string {
  return `${linesOf(problem).join('\n\n')}\n`;
}

/** The same page for a browser. Everything in it is from the table: nothing needs escaping. */
export function problemHtml(problem: Problem): string {
  const [title = '', ...lines] = linesOf(problem).map(withCode);
  const paragraphs = lines.map((line) => `<p>${line}</p>`).join('\n');
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${problem.code}</title>
<h1>${title}</h1>
${paragraphs}
</html>
`;
}

function withCode(line: string): string {
  return line.replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}

/** All codes, as docs/problems.md has them: written by a test, so that it cannot drift. */
export function problemsMarkdown(): string {
  const sections = PROBLEM_CODES.map(problemOfCode).map(
    ({ code, status, title, certainty, means, next }) =>
      [`## ${code}`, `${title}. HTTP ${status}, ${certainty}.`, means, next].join('\n\n'),
  );
  return `${[...INTRODUCTION, ...sections].join('\n\n')}\n`;
}

const INTRODUCTION = [
  '# Problems',
  `Every error of every service is a problem document (RFC 9457, \`application/problem+json\`).
Its \`code\` stays the same for ever; its \`type\` is \`/problems/CODE\`, which each service
answers with what stands below; \`certainty\` says whether what was asked for may have happened.`,
  `*Definite*: nothing happened and nothing will. *Indefinite*: it may have happened; ask again with
the same key.`,
  `This page is made from the table in
[problem-table.ts](../libs/platform/http/src/problems/problem-table.ts): change the table, and
\`npm run openapi\` writes the page again.`,
];
