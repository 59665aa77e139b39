import type { Order } from '../ports';

/**
 * One call to a payment provider, with one deadline. `unknown` is an answer like any other: the call may have worked.
 * None of them throws. A provider must remember what it did under a key: asked again, it gives the same answer.
 */
export interface PaymentProvider {
  charge(paymentKey: string, order: Order, call?: ProviderCall): Promise<ProviderCharge>;
  /** What became of a key; `none` when the provider has never seen it. */
  query(paymentKey: string, call?: ProviderCall): Promise<ProviderCharge | { readonly kind: 'none' }>;
  /** Final, also for a key never seen: gives back what was taken and refuses every later charge of it. */
  cancel(
    paymentKey: string,
    call?: ProviderCall,
  ): Promise<{ readonly kind: 'cancelled' } | { readonly kind: 'unknown' }>;
}

export interface ProviderCall {
  /** The call's deadline, when that is sooner than the provider's own. */
  readonly withinMs: number;
  /** W3C Trace Context, for the provider's own traces. */
  readonly traceparent?: string | undefined;
}

export type ProviderCharge =
  | { readonly kind: 'approved'; readonly paymentId: string }
  | { readonly kind: 'declined'; readonly code: string | null }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'unknown' };
