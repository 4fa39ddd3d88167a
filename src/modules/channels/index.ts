/** What other modules and the shell may use of channels. */
export { deliverNotification } from "./deliver-notification.ts";
export { findChannelIds, listTenantsWithChannels } from "./store.ts";
export { suppressDelivery } from "./suppress-delivery.ts";
export { suppressNotification } from "./suppress-notification.ts";
