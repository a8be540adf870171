import { parseAst } from 'vitest/node';
import type { SourceFile } from './house.ts';

/** A node of the syntax tree. The rules use only the fields that all nodes have, and the text. */
export interface Node {
  type: string;
  start: number;
  end: number;
  line: number;
  /** The source text of the node. */
  text: string;
  [key: string]: unknown;
}

export interface Call {
  callee: string;
  args: Node[];
  line: number;
}

export interface Import {
  specifier: string;
  line: number;
}

const parsed = new WeakMap<SourceFile, Node[]>();

/**
 * Every node of a TypeScript file, outer nodes first. The rules use a tree instead of patterns over
 * the text, so that code in a comment or a string is not taken for code.
 * @throws Error when the file is not TypeScript
 */
export function nodesOf(file: SourceFile): Node[] {
  const known = parsed.get(file);
  if (known !== undefined) return known;
  const nodes: Node[] = [];
  const lineOf = lineCounter(file.text);
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isNode(value)) return;
    nodes.push(
      Object.assign(value, {
        line: lineOf(value.start),
        text: file.text.slice(value.start, value.end),
      }),
    );
    Object.values(value).forEach(visit);
  };
  visit(parse(file));
  parsed.set(file, nodes);
  return nodes;
}

/** The imports and re-exports of a file, including types and dynamic imports. */
export function importsOf(file: SourceFile): Import[] {
  return nodesOf(file).flatMap(({ source, line }) =>
    isNode(source) && typeof source['value'] === 'string'
      ? [{ specifier: source['value'], line }]
      : [],
  );
}

/** Every call, with the name of its callee, like `tx.query`. A callee that is a call ends in (). */
export function callsOf(file: SourceFile): Call[] {
  return nodesOf(file)
    .filter(({ type }) => type === 'CallExpression')
    .map(({ callee, arguments: args, line }) => ({
      callee: nameOf(callee),
      args: Array.isArray(args) ? args.filter(isNode) : [],
      line,
    }));
}

function nameOf(node: unknown): string {
  if (!isNode(node)) return '';
  if (node.type === 'Identifier') return String(node['name']);
  if (node.type === 'CallExpression') return `${nameOf(node['callee'])}()`;
  if (node.type !== 'MemberExpression') return `(${node.type})`;
  return `${nameOf(node['object'])}.${nameOf(node['property'])}`;
}

/** All literal text: strings and the fixed parts of templates. */
export function literalsOf(file: SourceFile): { value: string; line: number }[] {
  return nodesOf(file).flatMap((node) => {
    const literal = node.type === 'Literal' || node.type === 'TemplateElement';
    const value = literal ? node['value'] : undefined;
    const text = isCooked(value) ? value.cooked : value;
    return typeof text === 'string' ? [{ value: text, line: node.line }] : [];
  });
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** Whether a value is the fixed part of a template. */
function isCooked(value: unknown): value is { cooked: unknown } {
  return typeof value === 'object' && value !== null && 'cooked' in value;
}

function parse({ path, text }: SourceFile): unknown {
  try {
    return parseAst(text, { lang: path.endsWith('x') ? 'tsx' : 'ts' }, path);
  } catch (cause) {
    throw new Error(`${path} is not TypeScript that can be parsed: npm run types says where`, {
      cause,
    });
  }
}

/** Finds the line of an offset by halving: a large file has thousands of nodes. */
function lineCounter(text: string): (offset: number) => number {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return (offset) => {
    let [line, after] = [0, starts.length];
    while (after - line > 1) {
      const middle = (line + after) >> 1;
      if ((starts[middle] ?? 0) > offset) after = middle;
      else line = middle;
    }
    return line + 1;
  };
}
