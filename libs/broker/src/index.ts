export { type Broker, createBroker } from './broker.ts';
export type { ConsumeOptions, Consumer } from './consumer.ts';
export type { BrokerLog, BrokerOptions } from './kafka.ts';
export { type Tap, type TappedMessage, tapTopics } from './tap.ts';
export { createTopicAdmin, type TopicAdmin } from './topics.ts';
