import { uuidV5 } from '../schemas/event-id';
import { isPaymentId } from '../schemas/fields';

/**
 * The id of a payment that was made, for an event. One that no event may hold must not keep its order from ending after
 * the money was taken: an id made of `key` takes its place, the same one each time. The charge is found at the provider
 * under its idempotency key, `<request_id>:<epoch>`, and both of these stand in the event.
 */
export const usablePaymentId = (given: unknown, key: string): string =>
  isPaymentId(given) ? given : `unnamed-${uuidV5(`${key}:payment-id`)}`;
