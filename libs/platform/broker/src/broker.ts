import { type ConsumeOptions, type Consumer, startConsumer } from './consumer.ts';
import { asFailure, type BrokerOptions, createKafka } from './kafka.ts';
import { createProducer, type Producer } from './producer.ts';

export interface Broker extends Producer {
  consume<Tx>(options: ConsumeOptions<Tx>): Promise<Consumer>;
}

/** The connection of a process to Kafka. @see docs/adr/0006-kafkajs-behind-one-module.md */
export function createBroker(options: BrokerOptions): Broker {
  const kafka = createKafka(options);
  const producer = createProducer(kafka, options.prefix);
  return {
    ...producer,
    async consume(consumption) {
      try {
        return await startConsumer({ kafka, sendRaw: producer.sendRaw, ...options }, consumption);
      } catch (error) {
        throw asFailure(error, `joining the group ${consumption.group}`);
      }
    },
  };
}
