import { SqlRows } from "../alerts/sql-rows.ts";

const keptMs = 86_400_000;

/** Writes that were sent and whose outcome isn't known yet: in flight, or lost with a link. */
export class UnknownOutcomes extends SqlRows {
  open(commandId: string, now: number): void {
    this.write("insert or replace into unknown_outcomes (command_id, at) values (?, ?)", commandId, now);
  }

  /** `never` says that it was never opened, so that readings cost no write. */
  close(commandId: string, never = false): void {
    if (!never) this.write("delete from unknown_outcomes where command_id = ?", commandId);
  }

  has(commandId: string): boolean {
    const select = "select command_id as id from unknown_outcomes where command_id = ?";
    return this.all<{ id: string }>(select, commandId).length > 0;
  }

  /** The longest unknown first. After a day no agent remembers any more. */
  list(now: number): string[] {
    this.write("delete from unknown_outcomes where at < ?", now - keptMs);
    return this.all<{ id: string }>(
      "select command_id as id from unknown_outcomes order by at limit 1000",
    ).map(({ id }) => id);
  }
}
