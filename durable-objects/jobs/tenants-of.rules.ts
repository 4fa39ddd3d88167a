import type { Command } from "../../src/modules/jobs/engine/commands.ts";

/** Every tenant that a command names. */
export function tenantsOf(command: Command): string[] {
  switch (command.type) {
    case "batch":
      return command.commands.flatMap(tenantsOf);
    case "submit":
      return command.items.map((item) => item.tenantId);
    case "claim":
      return Object.keys(command.permits ?? {});
    case "pause":
    case "resume":
      return [command.scope.tenantId];
    case "cancel":
    case "redrive":
    case "edit_dead":
    case "release_serial":
    case "set_limits":
      return [command.tenantId];
    default:
      return [];
  }
}
