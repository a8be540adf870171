/** The parts of a span that the semantic conventions are about. */
export interface DescribedSpan {
  name: string;
  /** OpenTelemetry's SpanKind number. */
  spanKind: number;
  /** False while the span is running, and when its process died. */
  hasEnded: boolean;
  hasFailed: boolean;
  attributes: Record<string, unknown>;
}

const INTERNAL = 0;
const SERVER = 1;
const CLIENT = 2;
const PRODUCER = 3;
const CONSUMER = 4;

interface Rule {
  of: (span: DescribedSpan) => boolean;
  kinds: readonly number[];
  needs: readonly string[];
}

const has = (attribute: string) => (span: DescribedSpan) => attribute in span.attributes;
const isServer = ({ spanKind }: DescribedSpan) => spanKind === SERVER;
const isMessaging = has('messaging.system');
const isOfOneMessage = (span: DescribedSpan) =>
  isMessaging(span) && [PRODUCER, CONSUMER].includes(span.spanKind) && !isOfBatch(span);
const isOfBatch = has('messaging.batch.message_count');
const MESSAGING = ['operation.name', 'operation.type', 'destination.name'];

/**
 * The requirements of the OpenTelemetry semantic conventions for the kinds of spans in this lab.
 * @see opentelemetry.io/docs/specs/semconv/http/http-spans, .../database/postgresql,
 *   .../messaging/kafka
 */
const RULES: readonly Rule[] = [
  {
    of: (span) => has('url.full')(span) || (has('http.request.method')(span) && !isServer(span)),
    kinds: [CLIENT],
    needs: ['url.full', 'http.request.method', 'server.address', 'server.port'],
  },
  {
    of: isServer,
    kinds: [SERVER],
    needs: ['http.request.method', 'url.path', 'url.scheme', 'server.port'],
  },
  {
    of: (span) => isServer(span) && span.hasEnded && !span.hasFailed,
    kinds: [SERVER],
    needs: ['http.response.status_code'],
  },
  {
    of: has('db.operation.name'),
    kinds: [CLIENT],
    needs: ['db.system.name', 'db.query.summary'],
  },
  {
    of: ({ name }) => name === 'transaction' || name.endsWith(' prepared'),
    kinds: [CLIENT],
    needs: ['db.operation.name', 'db.namespace', 'server.address', 'server.port'],
  },
  {
    of: isMessaging,
    kinds: [PRODUCER, CONSUMER, CLIENT],
    needs: MESSAGING.map((name) => `messaging.${name}`),
  },
  {
    of: isOfOneMessage,
    kinds: [PRODUCER, CONSUMER],
    needs: ['messaging.message.id', 'messaging.kafka.message.key'],
  },
  {
    of: (span) => isMessaging(span) && span.spanKind !== PRODUCER,
    kinds: [CONSUMER, CLIENT],
    needs: ['messaging.consumer.group.name'],
  },
  {
    of: (span) => isOfOneMessage(span) && span.spanKind === CONSUMER,
    kinds: [CONSUMER],
    needs: ['messaging.kafka.offset', 'messaging.destination.partition.id'],
  },
  { of: ({ hasFailed }) => hasFailed, kinds: [], needs: ['error.type'] },
];

const DESCRIBING = ['url.full', 'http.request.method', 'db.operation.name', 'messaging.system'];
const CREDENTIALS = /\/\/[^/]*:[^/]*@/;

/** The breaches of the conventions by a span, each in a sentence; empty when there is none. */
export function breachesOf(span: DescribedSpan): string[] {
  const { name, spanKind, attributes } = span;
  const breaches = RULES.filter((rule) => rule.of(span)).flatMap(({ kinds, needs }) => [
    ...(kinds.length === 0 || kinds.includes(spanKind) ? [] : [`${name}: its kind is ${spanKind}`]),
    ...needs.filter((need) => !(need in attributes)).map((need) => `${name}: no ${need}`),
  ]);
  if (spanKind !== INTERNAL && !DESCRIBING.some((attribute) => attribute in attributes)) {
    breaches.push(`${name}: of kind ${spanKind}, and has no attributes of a known operation`);
  }
  if (CREDENTIALS.test(JSON.stringify(attributes))) breaches.push(`${name}: shows a password`);
  return breaches;
}
