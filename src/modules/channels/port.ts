import type { NotifyPort } from "../../kernel/ports/notify.ts";

declare module "../../kernel/ports/ports.ts" {
  interface Ports {
    readonly notify: NotifyPort;
  }
}
