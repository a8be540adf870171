import { PROBLEM_CODES, type Problem, problemOfCode } from './problem-of-code.ts';

const CERTAIN = {
  definite: 'definite: the request was not carried out and will not be',
  indefinite: 'indefinite: the request may have been carried out',
} as const;

/** The explanation of a code, in lines of plain text. */
function linesOf({ code, status, title, certainty, means, next }: Problem): string[] {
  return [`${code}: ${title}`, `HTTP ${status}, ${CERTAIN[certainty]}`, means, next];
}

/** The page that explains a problem, as plain text for a terminal. */
export function problemText(problem: Problem): string {
  return `${linesOf(problem).join('\n\n')}\n`;
}

/** The same page for a browser. All texts are from the table, so nothing needs escaping. */
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

/** The text of docs/problems.md: a test compares the two, or writes the file. */
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
Its \`code\` never changes. Its \`type\` is \`/problems/CODE\`: each service answers that path with
the text below. Its \`certainty\` says whether the request may have been carried out.`,
  `*Definite*: the request was not carried out and will not be. *Indefinite*: the request may have
been carried out; repeat it with the same key.`,
  `This page is generated from
[problem-table.ts](../libs/platform/http/src/problems/problem-table.ts): change the table, then run
\`npm run openapi\`.`,
];
