/** One block of shell commands in a document, with the mark in the comment above the block. */
export interface ShellBlock {
  path: string;
  /** Number of the first line of commands, from 1. */
  line: number;
  text: string;
  /** `broken`: a verdict is BROKEN on purpose. `not run`: tests do not run the block. */
  mark: 'run' | 'broken' | 'not run';
  /** Why the block has the mark; empty for `run`. */
  reason: string;
}

const OPENS = /^```(sh|bash|shell)$/;
const MARK = /^<!-- (broken|not run): (.+) -->$/;
const LIKE_A_MARK = /^<!-- *(broken|not.?run)/i;

/**
 * The blocks of a Markdown document that a reader may type, in their order. Pure.
 * @throws Error when a block does not end, or a mark is not directly above a block
 */
export function shellBlocks(path: string, markdown: string): ShellBlock[] {
  const lines = markdown.split('\n');
  const blocks: ShellBlock[] = [];
  for (const [index, line] of lines.entries()) {
    const below = (lines[index + 1] ?? '').trim();
    if (LIKE_A_MARK.test(line.trim()) && !(MARK.test(line.trim()) && OPENS.test(below))) {
      throw new Error(
        `${path}:${index + 1}: this mark is misspelt, or is not directly above a shell block`,
      );
    }
    if (!OPENS.test(line.trim())) continue;
    const end = lines.findIndex((each, at) => at > index && each.trim() === '```');
    if (end < 0) throw new Error(`${path}:${index + 1}: this block does not end`);
    const [, mark = 'run', reason = ''] = MARK.exec((lines[index - 1] ?? '').trim()) ?? [];
    const text = lines.slice(index + 1, end).join('\n');
    blocks.push({ path, line: index + 2, text, mark: mark as ShellBlock['mark'], reason });
  }
  return blocks;
}

/** A command of the CLI as a document writes it: the subcommand, and the options behind it. */
export interface CliCommand {
  path: string;
  line: number;
  /** The subcommand, such as `run` or `indoubt resolve`. */
  words: string[];
  options: string[];
}

const CALL = /(?:^|[\s"'(;|&$`])(?:\.\/)?scenario ((?:[^`"'#\n|;&]|"[^"]*"|'[^']*')+)/g;
const PROGRAM_WORD = /^[a-z]+$/;

/** Every call of `scenario` in the code of a document: in blocks and between backticks. Pure. */
export function cliCommands(path: string, markdown: string): CliCommand[] {
  let isBlock = false;
  return markdown.split('\n').flatMap((text, index) => {
    if (text.trim().startsWith('```')) {
      isBlock = !isBlock && OPENS.test(text.trim());
      return [];
    }
    const code = isBlock ? [text] : [...text.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
    return code.flatMap((each) =>
      [...each.matchAll(CALL)].map(([, rest = '']) => {
        const parts = rest.trim().split(/\s+/);
        const first = parts.findIndex((part) => !PROGRAM_WORD.test(part));
        const words = first < 0 ? parts : parts.slice(0, first);
        const options = parts.map((part) => part.split('=')[0] ?? '');
        return { path, line: index + 1, words, options: options.filter((o) => /^--?\w/.test(o)) };
      }),
    );
  });
}
