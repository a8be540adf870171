import { didYouMean, Failure } from '@indoubt/failure';
import type { Command } from 'commander';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

interface Completed {
  name: string;
  description: string;
  options: string[];
}

/** @throws Failure 'invalid-request' (definite) when there is no script for the shell */
export function completionScript(program: Command, shell: string): string {
  const commands = program.commands.map((command) => ({
    name: command.name(),
    description: command.description(),
    options: [...command.options.flatMap(({ short, long }) => [short, long]), '--help'].flatMap(
      (flag) => flag ?? [],
    ),
  }));
  if (shell === 'bash') return bash(commands);
  // zsh can run bash completions after bashcompinit.
  if (shell === 'zsh') return `autoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`;
  if (shell === 'fish') return fish(commands);
  const what = `there is no completion script for '${shell}'.${didYouMean(shell, SHELLS)}`;
  throw new Failure('invalid-request', `${what}\nNext: choose one of ${SHELLS.join(', ')}.`);
}

/** The script lists the scenarios at each completion, so that it also completes new scenarios. */
function bash(commands: Completed[]): string {
  const cases = commands.map(({ name, options }) => {
    const names = takesScenario(name) ? ' $("$1" list --names 2>/dev/null)' : '';
    return `    ${name}) words="${options.join(' ')}${names}" ;;`;
  });
  return `# source <(scenario completion bash)
_scenario() {
  local words command=\${COMP_WORDS[1]} current=\${COMP_WORDS[COMP_CWORD]}
  [ "$COMP_CWORD" -eq 1 ] && command=
  case $command in
    '') words="${commands.map(({ name }) => name).join(' ')} --help" ;;
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -F _scenario scenario ./scenario
`;
}

function fish(commands: Completed[]): string {
  const lines = commands.flatMap(({ name, description, options }) => [
    `complete -c scenario -n __fish_use_subcommand -a ${name} -d '${quoted(description)}'`,
    ...options.map((flag) => {
      const kind = flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`;
      return `complete -c scenario -n '__fish_seen_subcommand_from ${name}' ${kind}`;
    }),
  ]);
  const takers = commands
    .map(({ name }) => name)
    .filter(takesScenario)
    .join(' ');
  return [
    '# scenario completion fish | source',
    'complete -c scenario -f',
    ...lines,
    `complete -c scenario -n '__fish_seen_subcommand_from ${takers}' -a '(scenario list --names)'`,
    '',
  ].join('\n');
}

function quoted(text: string): string {
  return text.replaceAll("'", "\\'");
}

function takesScenario(command: string): boolean {
  return command === 'run' || command === 'describe';
}
