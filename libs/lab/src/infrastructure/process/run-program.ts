import { execa, type Options } from 'execa';

export interface ProgramResult {
  failed: boolean;
  /** What it printed on both streams, or why it could not even start. */
  output: string;
}

/** Runs a program to its end. A bad end is a result, because the caller knows what it means. */
export async function runProgram(
  command: string,
  args: string[],
  options: Options = {},
  onLine: (line: string) => void = () => undefined,
): Promise<ProgramResult> {
  const program = execa(command, args, {
    ...options,
    all: true,
    reject: false,
    // Whoever asks a question gets the end of the file for an answer.
    ...(options.input === undefined && { stdin: 'ignore' as const }),
  });
  for await (const line of program.iterable({ from: 'all' })) onLine(String(line));
  const { failed, all, shortMessage } = await program;
  return { failed, output: (String(all ?? '') || shortMessage) ?? '' };
}
