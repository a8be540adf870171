import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toggles } from '@indoubt/chaos';
import { expect, test } from 'vitest';
import {
  type ComposeFile,
  type ComposeService,
  composeText,
  ROOT,
  readCompose,
} from '../containers/compose-file.ts';
import { dockerfileText, readStages } from '../containers/dockerfile.ts';
import { houseFiles, isTest, typescriptOf } from './house.ts';

const sources = typescriptOf(houseFiles()).filter(({ path }) => !isTest(path));
const stages = readStages(dockerfileText());

/** Faults of a compose file that Compose's own library does not find. Pure. */
function faultsOf(text: string): string[] {
  const file = readCompose(text);
  return [
    ...secretsIn(text),
    ...Object.entries(file.services).flatMap(([name, service]) =>
      [
        ...faultsOfReach(service),
        ...faultsOfImage(name, service),
        ...faultsOfMounts(service, file),
        ...faultsOfWaiting(service, file),
        ...(isOurs(service) ? [...faultsOfCage(service), ...faultsOfSettings(service)] : []),
      ].map((says) => `${name}: ${says}`),
    ),
  ];
}

function isOurs({ build }: ComposeService): boolean {
  return build !== undefined;
}

/** Whether the service is a job: a job ends when it is done, and needs no health check. */
function isJob({ build }: ComposeService): boolean {
  return build?.target === 'set-up';
}

function secretsIn(text: string): string[] {
  return [...text.matchAll(/^ +(\w*(?:SECRET|PASSWORD|TOKEN)\w*): (?!\$\{)(.+)$/gm)].map(
    ([, name, value]) => `${name}: ${value} is a secret in the file: take it from the environment`,
  );
}

function faultsOfReach({ ports }: ComposeService): string[] {
  return ports
    .filter((port) => !/^127\.0\.0\.1:\d+:\d+$/.test(port))
    .map((port) => `port ${port} is open to other machines`);
}

/** Each image needs a tag of its own: images are built in parallel, and a shared tag would fail. */
function faultsOfImage(name: string, { image = '', build }: ComposeService): string[] {
  if (build === undefined) {
    return /:v?\d+\.\d+/.test(image) ? [] : [`image ${image} is not pinned`];
  }
  const { SERVICE = '' } = build.args;
  return [
    ...(stages.some((stage) => stage.name === build.target) ? [] : [`no stage ${build.target}`]),
    ...(existsSync(join(ROOT, 'services', SERVICE, 'src', 'main.ts'))
      ? []
      : [`there is no service ${SERVICE}`]),
    ...(image === `in-doubt/${name}:local` ? [] : [`its image is called ${image}`]),
  ];
}

function faultsOfMounts({ volumes }: ComposeService, file: ComposeFile): string[] {
  return volumes.flatMap((volume) => {
    const [source = '', , mode] = volume.split(':');
    if (!source.startsWith('.')) {
      return source in file.volumes ? [] : [`volume ${source} is not declared`];
    }
    return [
      ...(existsSync(join(ROOT, source)) ? [] : [`${source} is not there`]),
      ...(mode === 'ro' ? [] : [`${source} can be written`]),
    ];
  });
}

function faultsOfWaiting(service: ComposeService, { services }: ComposeFile): string[] {
  const unhealthy = !isOurs(service) && service.healthcheck === undefined;
  const waits = Object.entries(service.depends_on).flatMap(([name, { condition }]) => {
    const other = services[name];
    if (other === undefined) return [`waits for ${name}, but no service has this name`];
    const wanted = conditionFor(name, other);
    return condition === wanted ? [] : [`waits for ${name} until ${condition}, not ${wanted}`];
  });
  const { depends_on, restart = '' } = service;
  const isSender = isOurs(service) && !isJob(service);
  return [
    ...(unhealthy ? ['has no healthcheck'] : []),
    ...(isSender && !('jaeger' in depends_on) ? ['is stopped after Jaeger: spans are lost'] : []),
    ...(isJob(service) && !/^on-failure:\d$/.test(restart) ? ['is retried without bound'] : []),
    ...waits,
  ];
}

/** The condition to wait for. Jaeger need only be started: a service works without Jaeger. */
function conditionFor(name: string, other: ComposeService): string {
  if (name === 'jaeger') return 'service_started';
  return isJob(other) ? 'service_completed_successfully' : 'service_healthy';
}

function faultsOfCage(service: ComposeService): string[] {
  const { read_only, cap_drop, security_opt, init } = service;
  return [
    ...(read_only ? [] : ['may write into its own files']),
    ...(cap_drop.includes('ALL') ? [] : ['has capabilities']),
    ...(security_opt.includes('no-new-privileges:true') ? [] : ['may gain privileges']),
    // The first process of a container ignores its own SIGKILL, so it could not crash.
    ...(init || isJob(service) ? [] : ['cannot crash: it is the first process']),
  ];
}

/** Unknown and missing settings. test/e2e/containers.test.ts starts services with them. */
function faultsOfSettings(service: ComposeService): string[] {
  const { SERVICE = '' } = service.build?.args ?? {};
  const names = Object.keys(service.environment);
  const unread = names.filter((name) => !isRead(name, SERVICE));
  return [
    ...unread.map((name) => `${name} is set, and nothing reads it`),
    ...(isJob(service) ? [] : PASSED.filter((name) => !names.includes(name))).map(
      (name) => `${name} is not passed on`,
    ),
  ];
}

const PASSED = [
  'TRACES',
  'LOG_LEVEL',
  'SERVICE_SECRET',
  'CHAOS',
  'CHAOS_SEED',
  'CHAOS_CONTROL',
  'CHAOS_LINKS',
  ...toggles().map(({ name }) => name),
];

/** The settings in each file: the property names in capitals. */
const keys = sources.map(({ path, text }) => {
  return {
    path,
    names: new Set([...text.matchAll(/^\s*([A-Z][A-Z_]+): /gm)].map(([, key]) => key)),
  };
});

/** Whether a schema has the setting: in the service itself or in a package of libs. */
function isRead(name: string, service: string): boolean {
  return keys.some(({ path, names }) => {
    const isNear = path.startsWith('libs/') || path.startsWith(`services/${service}/`);
    return isNear && names.has(name);
  });
}

const PROVISIONING = 'grafana/provisioning/dashboards';
const good = composeText();
const relayAlone = good.replace(/ {6}SERVICE_NAME: relay-order\n/, '$&      WAKE_PROT: 8080\n');

test.each([
  ['an open port', good.replace('127.0.0.1:${INDOUBT_O', '${INDOUBT_O'), 'is open'],
  ['an image that is not pinned', good.replace('postgres:18.4', 'postgres:latest'), 'not pinned'],
  ['an unknown stage', good.replace('target: service', 'target: servcie'), 'no stage servcie'],
  ['an unknown service', good.replace('SERVICE: order }', 'SERVICE: oder }'), 'no service oder'],
  ['a shared tag', good.replace('set-up-payment:local', 'set-up-order:local'), 'called'],
  ['a missing file', good.replace('./deploy/prom', './deploy/pron'), 'is not there'],
  ['a writable file', good.replace('/etc/prometheus:ro', '/etc/prometheus'), 'can be written'],
  ['an undeclared volume', good.replace('- card-data:', '- card-date:'), 'is not declared'],
  ['an unknown dependency', good.replace('kafka: { cond', 'kakfa: { cond'), 'no service'],
  ['no wait for a job', good.replace('service_completed_successfully', 'service_started'), 'until'],
  ['an early stop of Jaeger', good.replace('depends_on: *spans', 'x-none: *spans'), 'after Jaeger'],
  ['a wait for Jaeger', good.replace('condition: service_started', 'condition: nobody'), 'until'],
  ['a job with unbounded retries', good.replace('on-failure:5', 'on-failure'), 'without bound'],
  ['no healthcheck', good.replace(/ {4}healthcheck:\n {6}test: \[CMD, wget/, '    x-$&'), 'health'],
  ['a writable image', good.replaceAll('read_only: true', 'read_only: false'), 'its own files'],
  ['capabilities', good.replaceAll('cap_drop: [ALL]', 'cap_drop: []'), 'capabilities'],
  ['privileges', good.replaceAll('no-new-privileges:true', 'label:disable'), 'gain'],
  ['no init', good.replace('init: true', 'init: false'), 'cannot crash'],
  ['a misspelt setting', relayAlone, 'WAKE_PROT is set, and nothing reads it'],
  [
    'a missing chaos setting',
    good.replace(/^ {2}CHAOS_DB_DOWN.*\n/m, ''),
    'CHAOS_DB_DOWN is not passed',
  ],
  ['a secret', good.replace(/SERVICE_SECRET: \$\{.*\}/, 'SERVICE_SECRET: abc'), 'is a secret in'],
])('the rule rejects a compose file with %s', (_what, text, says) => {
  expect(text).not.toBe(good);
  expect(faultsOf(text).join('\n')).toContain(says);
});

test('docker-compose.yml breaks none of the rules for compose files', () => {
  expect(faultsOf(good)).toEqual([]);
});

test('docker-compose.yml starts every service of ours and a relay for each outbox', () => {
  const ours = Object.entries(readCompose(good).services).filter(([, service]) => isOurs(service));
  const running = ours.filter(([, service]) => !isJob(service));
  expect(running.map(([name]) => name).join(' ')).toBe(
    'order payment inventory coordinator card-processor relay-order relay-payment relay-inventory',
  );
  expect(running.flatMap(([, { profiles }]) => profiles)).toEqual([]);
});

test('variables set before the command docker compose reach the services', () => {
  const { services } = readCompose(good, { COORDINATION: '2pc', CHAOS: 'payment=decline(p=1)' });
  expect(services['order']?.environment).toMatchObject({ COORDINATION: '2pc', CHAOS_LINKS: '' });
  expect(services['payment']?.environment).toMatchObject({ CHAOS: 'payment=decline(p=1)' });
  expect(readCompose(good).services['order']?.environment).toMatchObject({ COORDINATION: 'saga' });
});

/** The addresses in a Prometheus configuration. */
function targetsIn(config: string) {
  return [...config.matchAll(/^ +- ([a-z-]+):(\d+)$/gm)];
}

/** Services of ours that Prometheus does not scrape. */
function unwatched(config: string): string[] {
  const scraped = targetsIn(config).map(([, name]) => name);
  const { services } = readCompose(good);
  return Object.entries(services).flatMap(([name, service]) => {
    return isOurs(service) && !isJob(service) && !scraped.includes(name) ? [name] : [];
  });
}

test('Prometheus scrapes all services, and Grafana finds its dashboards', () => {
  const { services } = readCompose(good);
  const read = (path: string) => readFileSync(join(ROOT, 'deploy', path), 'utf8');
  const config = read('prometheus/prometheus.yml');
  expect(unwatched(config)).toEqual([]);
  expect(unwatched(config.replace('- card-processor:8080', ''))).toEqual(['card-processor']);
  for (const [, name = '', port = ''] of targetsIn(config)) {
    expect(services[name]?.ports).toEqual([expect.stringMatching(new RegExp(`:${port}$`))]);
  }
  const [, path = 'no path'] = /path: (\S+)/.exec(read(`${PROVISIONING}/in-doubt.yml`)) ?? [];
  expect(services['grafana']?.volumes).toContain(`./deploy/grafana/dashboards:${path}:ro`);
});
