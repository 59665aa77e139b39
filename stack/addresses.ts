import { loopback } from './ports';
import type { StackSettings } from './settings';

/** Where our processes are on this machine, by the variable that names each. */
export interface ServiceAddresses {
  readonly COMMAND_API_URL: string;
  readonly QUERY_API_URL: string;
  readonly SAGA_URL: string;
  readonly PROJECTOR_URL: string;
}

export const onLoopback = (port: number): string => `http://${loopback}:${port}`;

export const addressesOf = (settings: StackSettings): ServiceAddresses => ({
  COMMAND_API_URL: onLoopback(settings.COMMAND_API_PORT),
  QUERY_API_URL: onLoopback(settings.QUERY_API_PORT),
  SAGA_URL: onLoopback(settings.SAGA_PORT),
  PROJECTOR_URL: onLoopback(settings.PROJECTOR_PORT),
});
