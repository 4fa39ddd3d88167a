import { SqlRows } from "../alerts/sql-rows.ts";

/** As long as agents keep results for repeats. */
const keptMs = 86_400_000;

/**
 * Which agent was given the write that a caller's key stands for. Each agent remembers its own results only, so a repeat
 * must go to the one that had the first.
 */
export class WriteKeys extends SqlRows {
  /** The first with a key stays. */
  remember(key: string, commandId: string, agentId: string, now: number): void {
    this.write("delete from write_keys where at < ?", now - keptMs);
    this.write(
      "insert or ignore into write_keys (key, command_id, agent_id, at) values (?, ?, ?, ?)",
      key,
      commandId,
      agentId,
      now,
    );
  }

  find(key: string, now: number): { commandId: string; agentId: string } | undefined {
    const select =
      "select command_id as commandId, agent_id as agentId from write_keys where key = ? and at >= ?";
    return this.all<{ commandId: string; agentId: string }>(select, key, now - keptMs)[0];
  }

  /** The first did not run: its key is free. */
  free(key: string): void {
    this.write("delete from write_keys where key = ?", key);
  }
}
