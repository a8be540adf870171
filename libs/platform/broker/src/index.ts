export { type Broker, createBroker } from './broker.ts';
export type { BrokerLog } from './kafka.ts';
export { type TappedMessage, tapTopics } from './tap.ts';
export { createTopicAdmin } from './topics.ts';
