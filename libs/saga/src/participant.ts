import {
  type DeliveredMessage,
  type Message,
  type StepAnswer,
  stepAnswer,
} from '@indoubt/contracts';
import type { Tx } from '@indoubt/database';
import { failpoint } from '@indoubt/failpoint';
import { Failure } from '@indoubt/failure';
import { inSpan, record } from '@indoubt/record';
import type { z } from 'zod';

/** One command that a service answers. */
export interface CommandHandler<Body> {
  type: string;
  body: z.ZodType<Body>;
  /** For an undo: the step that it undoes. */
  undoes?: string;
  /**
   * The effect, in `tx` and nowhere else. A refusal by a domain rule is an answer, not an error.
   */
  act(tx: Tx, body: Body): Promise<StepAnswer>;
}

/** A handler whose body's type is its own affair. */
interface Handler {
  type: string;
  undoes: string | undefined;
  /** @throws Failure 'malformed-message' (definite) */
  prepare(body: unknown): (tx: Tx) => Promise<StepAnswer>;
}

/** The two patterns a participant stands on, wired in by the service. */
export interface ParticipantParts {
  answerOnce(
    tx: Tx,
    command: { sagaId: string; step: string; messageId: string; undoes: string | undefined },
    act: () => Promise<StepAnswer>,
  ): Promise<{ answer: StepAnswer; how: string }>;
  enqueue(tx: Tx, messages: Message[]): void;
}

export function commandHandler<Body>({ type, undoes, body, act }: CommandHandler<Body>): Handler {
  return {
    type,
    undoes,
    prepare(unread) {
      const parsed = body.safeParse(unread);
      if (!parsed.success) throw malformed(`${type}: ${parsed.error.message}`);
      return (tx) => act(tx, parsed.data);
    },
  };
}

/**
 * The participant's side of a saga: inbox row, effect and answer in one transaction. A command that
 * was handled before is answered again, since the first answer may be what got lost.
 * @throws Failure 'malformed-message' (definite) for an unknown type or a body that does not fit
 */
export function createParticipant(
  parts: ParticipantParts,
  handlers: Handler[],
): (tx: Tx, message: DeliveredMessage) => Promise<void> {
  const byType = new Map(handlers.map((handler) => [handler.type, handler]));
  return async (tx, message) => {
    const handler = byType.get(message.type);
    if (handler === undefined) throw malformed(`no handler for "${message.type}"`);
    const act = handler.prepare(message.body);
    const startedAt = performance.now();
    const { id, sagaId, step } = message;
    const command = { sagaId, step, messageId: id, undoes: handler.undoes };
    const attributes = {
      'order.id': message.key,
      'saga.id': sagaId,
      'saga.step': step,
      'saga.compensation': handler.undoes !== undefined,
    };
    const handled = await inSpan(message.type, { attributes }, () =>
      parts.answerOnce(tx, command, async () => {
        await failpoint('claimed-not-acted', message.key);
        return act(tx);
      }),
    );
    parts.enqueue(tx, [answerTo(message, handled.answer)]);
    await failpoint('acted-not-committed', message.key);
    const { outcome } = handled.answer;
    const reason = handled.answer.outcome === 'refused' ? handled.answer.reason : null;
    const tookMs = performance.now() - startedAt;
    const told = { type: message.type, step, sagaId, orderId: message.key, messageId: id };
    tx.onCommit(() =>
      record({ event: 'message-handled', ...told, how: handled.how, outcome, reason, tookMs }),
    );
  };
}

function answerTo(command: DeliveredMessage, answer: StepAnswer): Message<StepAnswer> {
  const { key, sagaId, step } = command;
  const { type, topic } = stepAnswer;
  return { id: `${command.id}:answer`, topic, key, type, sagaId, step, body: answer };
}

function malformed(detail: string): Failure {
  return new Failure('malformed-message', detail);
}
