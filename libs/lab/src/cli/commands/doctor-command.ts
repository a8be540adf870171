import { allProviders, chooseProvider } from '../../infrastructure/choose-provider.ts';
import { detectJaeger } from '../../infrastructure/jaeger/detect-jaeger.ts';
import { jaegerRequirement } from '../../infrastructure/jaeger/jaeger-program.ts';
import type { Infrastructure, ProviderName, Requirement } from '../../infrastructure/provider.ts';
import { COLUMNS_MAX } from '../../text/columns-max.ts';
import type { Paint } from '../../text/paint.ts';
import { wrapText } from '../../text/wrap-text.ts';
import { checkVariables } from '../check-variables.ts';
import { type Cli, writeJson } from '../cli.ts';
import { EXIT } from '../exit-code.ts';

const INDENT = ' '.repeat(11);

/** The document of `doctor --json`. See docs/json.md. */
export interface DoctorDocument {
  node: string;
  /** The provider that `--infra auto` takes; null when none can start. */
  auto: ProviderName | null;
  providers: { name: ProviderName; ready: boolean; requirements: Requirement[] }[];
  jaeger: Infrastructure['jaeger'];
  /** What `scenario jaeger` needs to build Jaeger. */
  jaegerBuild: Requirement;
}

/** Prints what each provider needs, what is installed, and how to get what is missing. */
export async function doctorCommand(cli: Cli, { json }: { json?: boolean }): Promise<number> {
  checkVariables(cli.env);
  const document = await examine(cli);
  if (json) writeJson(cli, document);
  else cli.out.write(renderDoctor(document, cli.out.paint));
  return document.auto === null ? EXIT.unknown : EXIT.holds;
}

async function examine({ env, root }: Cli): Promise<DoctorDocument> {
  const [providers, auto, jaeger, jaegerBuild] = await Promise.all([
    Promise.all(
      allProviders({ env, root }).map(async ({ name, requirements }) => {
        const all = await requirements();
        return { name, ready: all.every(({ found }) => found !== null), requirements: all };
      }),
    ),
    chooseProvider({ wanted: 'auto', env, root }).then(
      ({ name }) => name,
      () => null,
    ),
    detectJaeger(env, root),
    jaegerRequirement(root),
  ]);
  return { node: process.version, auto, providers, jaeger, jaegerBuild };
}

function renderDoctor(document: DoctorDocument, paint: Paint): string {
  const { node, auto, providers } = document;
  const blocks = providers.map(({ name, ready, requirements }) => {
    const taken = name === auto ? ', and --infra auto uses it' : '';
    const state = ready ? paint.green(`ready${taken}`) : paint.yellow('cannot start here');
    return [`${paint.bold(name)}: ${state}`, ...requirements.flatMap((each) => need(each, paint))];
  });
  const verdict =
    auto === null
      ? paint.red('No provider can start the servers. Next: install what one of them needs.')
      : paint.green(`Ready: './scenario run saga-compensation' will use ${auto}.`);
  const all = [[`Node ${node}`], ...blocks, ofJaeger(document, paint), [verdict]];
  return `${all.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function ofJaeger({ jaeger, jaegerBuild }: DoctorDocument, paint: Paint): string[] {
  const name = paint.bold('Jaeger');
  const build = need(jaegerBuild, paint);
  if (jaeger) return [`${name}: ${paint.green('running')} at ${jaeger.uiUrl}`, ...build];
  return [
    `${name}: not running. Runs work without it, but print no links to traces.`,
    ...build,
    "  Start it with 'scenario jaeger' or 'docker compose up --detach jaeger',",
    '  or set INDOUBT_JAEGER_URL and INDOUBT_OTLP_URL to the addresses of your own.',
  ];
}

function need({ what, found, howToGet }: Requirement, paint: Paint): string[] {
  const width = COLUMNS_MAX - INDENT.length;
  const text = found === null ? `${what}\n${howToGet}` : `${what}: ${found}`;
  const [first = '', ...rest] = wrapText(text, width);
  const word = found === null ? paint.yellow('missing') : paint.green('found  ');
  return [`  ${word}  ${first}`, ...rest.map((line) => INDENT + line)];
}
