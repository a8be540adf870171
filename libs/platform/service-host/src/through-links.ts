import {
  armedRules,
  type ChaosRule,
  disarm,
  fired,
  type LinkRule,
  onChaosChange,
  seededRandom,
} from '@indoubt/chaos';
import { Failure } from '@indoubt/failure';
import { type Link, type LinkFault, openLink } from '@indoubt/link';

/** The addresses of other processes that a configuration may have. */
interface Addresses {
  CHAOS: readonly ChaosRule[];
  CHAOS_LINKS: 'on' | 'off';
  CHAOS_SEED: number;
  DATABASE_URL: string;
  KAFKA_BROKERS?: string[];
  COORDINATOR_URLS?: string[] | undefined;
  PARTICIPANTS?: Map<string, string>;
  CARD_PROCESSOR_URL?: string | undefined;
}

/** The same configuration, with the address of the link to Kafka, if there is one. */
export type Linked<Config> = Config & { kafkaVia?: { host: string; port: number } };

const DATABASE_OF: Record<string, string> = {
  order: 'orders',
  payment: 'payments',
  inventory: 'inventory',
  coordinator: 'coordinator',
};

/**
 * Opens a link for each connection of this process, so that it can be made faulty: addresses in the
 * configuration become those of links in this process. Without faults on links, and unless
 * CHAOS_LINKS is on, no link is opened and nothing changes.
 * @param name  the name of the process, which is the first half of the names of its links
 */
export async function throughLinks<Config extends Addresses>(
  name: string,
  config: Config,
): Promise<Linked<Config>> {
  const isNeeded = config.CHAOS.some((rule) => isLinkOf(rule, name));
  if (config.CHAOS_LINKS === 'off' && !isNeeded) return config;
  const links: Link[] = [];
  const via = async (to: string, host: string, port: number) => {
    const own = `${name}->${to}`;
    const link = await openLink({
      name: own,
      target: { host, port },
      random: seededRandom(config.CHAOS_SEED, own),
      touched: (fault) => touched(own, fault),
    });
    links.push(link);
    return link;
  };
  const linked = await readdressed(name, config, via);
  followRules(links);
  return linked;
}

function isLinkOf(rule: ChaosRule, name: string): boolean {
  return rule.kind === 'link' && rule.links.some((link) => link.startsWith(`${name}->`));
}

type Via = (to: string, host: string, port: number) => Promise<Link>;

const POSTGRES_PORT = 5432;

async function readdressed<Config extends Addresses>(
  name: string,
  config: Config,
  via: Via,
): Promise<Linked<Config>> {
  const linked: Linked<Config> = { ...config, CHAOS_LINKS: 'on' };
  const url = new URL(config.DATABASE_URL);
  const database = DATABASE_OF[name.replace('relay-', '')] ?? name;
  const toDatabase = await via(`${database}-db`, url.hostname, Number(url.port || POSTGRES_PORT));
  [url.hostname, url.port] = [toDatabase.host, String(toDatabase.port)];
  linked.DATABASE_URL = url.href;
  if (config.KAFKA_BROKERS !== undefined)
    linked.kafkaVia = await toKafka(config.KAFKA_BROKERS, via);
  if (config.COORDINATOR_URLS !== undefined) {
    linked.COORDINATOR_URLS = await Promise.all(
      config.COORDINATOR_URLS.map((each) => http('coordinator', each, via)),
    );
  }
  if (config.PARTICIPANTS !== undefined) {
    const each = [...config.PARTICIPANTS].map(
      async ([to, address]): Promise<[string, string]> => [to, await http(to, address, via)],
    );
    linked.PARTICIPANTS = new Map(await Promise.all(each));
  }
  if (config.CARD_PROCESSOR_URL !== undefined) {
    linked.CARD_PROCESSOR_URL = await http('card-processor', config.CARD_PROCESSOR_URL, via);
  }
  return linked;
}

/** A broker sends clients the addresses of all brokers; a link can stand only for one broker. */
async function toKafka(brokers: string[], via: Via) {
  const [only = '', ...others] = brokers;
  if (others.length > 0) {
    const what = 'Links to Kafka need one broker, and KAFKA_BROKERS has several.';
    throw new Failure('invalid-config', `${what}\nName one broker, or leave out faults of links.`);
  }
  const [host = '', port = ''] = only.split(':');
  const link = await via('kafka', host, Number(port));
  return { host: link.host, port: link.port };
}

async function http(to: string, address: string, via: Via): Promise<string> {
  const { hostname, port } = new URL(address);
  const link = await via(to, hostname, Number(port || 80));
  return `http://${link.host}:${link.port}`;
}

/** Gives each link the faults of the armed rules that name the link. */
function followRules(links: readonly Link[]): void {
  const timers = new Map<LinkRule, NodeJS.Timeout>();
  const follow = () => {
    const rules = armedRules('link');
    for (const [rule, timer] of timers) {
      if (rules.includes(rule)) continue;
      clearTimeout(timer);
      timers.delete(rule);
    }
    for (const rule of rules) {
      if (rule.forMs === null || timers.has(rule)) continue;
      timers.set(rule, setTimeout(() => disarm(rule), rule.forMs).unref());
    }
    for (const link of links) {
      link.set(rules.filter((rule) => rule.links.includes(link.name)).map(faultOf));
    }
  };
  onChaosChange(follow);
  follow();
}

const faults = new WeakMap<LinkRule, LinkFault>();
const ruleOf = new WeakMap<LinkFault, LinkRule>();

/** The fault of a rule: the same object at each call, since a link reports each object once. */
function faultOf(rule: LinkRule): LinkFault {
  const known = faults.get(rule);
  if (known !== undefined) return known;
  const { action, direction, delayMs, jitterMs, bytesPerSecond } = rule;
  const fault: LinkFault = { action, direction, delayMs, jitterMs };
  if (action === 'throttle') fault.bytesPerSecond = bytesPerSecond;
  faults.set(rule, fault);
  ruleOf.set(fault, rule);
  return fault;
}

function touched(link: string, fault: LinkFault): void {
  const rule = ruleOf.get(fault);
  if (rule !== undefined) fired(rule, link);
}
