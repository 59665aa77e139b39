import * as paying from '../../../saga/payment/create-payment';
import { runSaga } from '../processes/run-service';
import { changed, replaceExport } from './replace';

const orderOf = (paymentKey: string): string => paymentKey.slice(0, paymentKey.lastIndexOf(':'));
const epochOf = (paymentKey: string): number => Number(paymentKey.slice(paymentKey.lastIndexOf(':') + 1));

/** An earlier epoch's key is the same key, so that there seems to be nothing to cancel. */
replaceExport(paying, 'createPayment', (real) => (config, log, observeStep) => {
  const payment = real(config, log, observeStep);
  const charged = new Map<string, number>();
  const alone = (paymentKey: string): string => `${orderOf(paymentKey)}:0`;
  return changed(payment, {
    charge: (paymentKey, order, call) => {
      charged.set(order.key, epochOf(paymentKey));
      return payment.charge(alone(paymentKey), order, call);
    },
    cancel: async (paymentKey, call) =>
      charged.get(orderOf(paymentKey)) === epochOf(paymentKey)
        ? payment.cancel(alone(paymentKey), call)
        : 'cancelled',
  });
});
runSaga();
