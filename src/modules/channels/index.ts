/** What other modules and the shell may use of channels. */
export { type Delivered, deliverNotification } from "./deliver-notification.ts";
