import { failpoint } from '@indoubt/chaos';
import {
  type DeliveredMessage,
  type Message,
  type StepAnswer,
  stepAnswer,
} from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import { Failure } from '@indoubt/failure';
import { inSpan, type RecordEvent, record } from '@indoubt/record';
import type { z } from 'zod';

/** The command that an answer belongs to: its saga, its step and its message. */
export interface ReplyTo {
  sagaId: string;
  step: string;
  messageId: string;
}

/** How a service handles one type of command. */
export interface CommandHandler<Body> {
  type: string;
  body: z.ZodType<Body>;
  /** For an undo: the step that it undoes. */
  undoes?: string;
  /**
   * The effect: writes only in `tx`. A refusal by a domain rule is an answer, not an error.
   * @returns undefined when the answer is not known yet; the service sends `answerMessage` later
   */
  act(tx: Tx, body: Body, replyTo: ReplyTo): Promise<StepAnswer | undefined>;
}

/** A handler without the type parameter of its body, so that handlers fit into one list. */
interface Handler {
  type: string;
  undoes: string | undefined;
  /** @throws Failure 'malformed-message' (definite) */
  prepare(body: unknown): (tx: Tx, replyTo: ReplyTo) => Promise<StepAnswer | undefined>;
}

/** The inbox and the outbox of a participant, passed in by the service. */
export interface SagaParticipantParts {
  answerOnce(
    tx: Tx,
    command: ReplyTo & { undoes: string | undefined },
    act: () => Promise<StepAnswer | undefined>,
  ): Promise<{ answer: StepAnswer | undefined; how: RecordEvent<'message-handled'>['how'] }>;
  enqueue(tx: Tx, messages: Message[]): void;
}

export function commandHandler<Body>({ type, undoes, body, act }: CommandHandler<Body>): Handler {
  return {
    type,
    undoes,
    prepare(unread) {
      const parsed = body.safeParse(unread);
      if (!parsed.success) throw malformed(`${type}: ${parsed.error.message}`);
      return (tx, replyTo) => act(tx, parsed.data, replyTo);
    },
  };
}

/**
 * The participant's side of a saga: inbox row, effect and answer are one transaction. A repeated
 * command gets its answer again, since the first answer may be lost.
 * @throws Failure 'malformed-message' (definite) for an unknown type or an invalid body
 */
export function createSagaParticipant(
  parts: SagaParticipantParts,
  handlers: Handler[],
): (tx: Tx, message: DeliveredMessage) => Promise<void> {
  const byType = new Map(handlers.map((handler) => [handler.type, handler]));
  return async (tx, message) => {
    const handler = byType.get(message.type);
    if (handler === undefined) throw malformed(`no handler for "${message.type}"`);
    const act = handler.prepare(message.body);
    const startedAt = performance.now();
    const { id: messageId, sagaId, step } = message;
    const replyTo = { sagaId, step, messageId };
    const command = { ...replyTo, undoes: handler.undoes };
    const attributes = {
      'order.id': message.key,
      'saga.id': sagaId,
      'saga.step': step,
      'saga.compensation': handler.undoes !== undefined,
    };
    const handled = await inSpan(message.type, { attributes }, () =>
      parts.answerOnce(tx, command, async () => {
        await failpoint('claimed-not-acted', message.key);
        return act(tx, replyTo);
      }),
    );
    const { answer, how } = handled;
    if (answer !== undefined) parts.enqueue(tx, [answerMessage(message.key, replyTo, answer)]);
    await failpoint('acted-not-committed', message.key);
    const outcome = answer?.outcome ?? 'owed';
    const reason = answer?.outcome === 'refused' ? answer.reason : null;
    const tookMs = performance.now() - startedAt;
    const fields = { type: message.type, ...replyTo, orderId: message.key };
    tx.onCommit(() =>
      record({ event: 'message-handled', ...fields, how, outcome, reason, tookMs }),
    );
  };
}

/**
 * The message that answers a command. It is sent with the effect, or later if `act` returned
 * undefined.
 * @param key the key of the command: the order id
 */
export function answerMessage(
  key: string,
  replyTo: ReplyTo,
  answer: StepAnswer,
): Message<StepAnswer> {
  const { sagaId, step, messageId } = replyTo;
  const { type, topic } = stepAnswer;
  return { id: `${messageId}:answer`, topic, key, type, sagaId, step, body: answer };
}

function malformed(detail: string): Failure {
  return new Failure('malformed-message', detail);
}
