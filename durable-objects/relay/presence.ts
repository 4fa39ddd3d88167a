import type { AgentReport } from "../../contracts/relay/hello.ts";
import { type AgentPresence, isLogBroken } from "../../src/modules/clusters/index.ts";
import { SqlRows } from "../alerts/sql-rows.ts";

interface PresenceRow extends Record<string, string | number | null> {
  readonly agentId: string;
  readonly connected: number;
  readonly role: string | null;
  readonly since: number;
  readonly report: string | null;
}

/** Who is or was connected, and what each agent last told of itself. */
export class Presence extends SqlRows {
  /** Writes down that an agent is there; answers whether its log is no continuation of what it was. */
  came(agentId: string, role: string, report: AgentReport | undefined, now: number): boolean {
    const before = this.find(agentId);
    const kept = report ?? before?.report ?? null;
    this.write(
      `insert into agents (agent_id, connected, role, since, report) values (?, 1, ?, ?, ?)
       on conflict (agent_id) do update set connected = 1, role = excluded.role, report = excluded.report,
         since = case when agents.connected = 1 then agents.since else excluded.since end`,
      agentId,
      role,
      now,
      kept === null ? null : JSON.stringify(kept),
    );
    return report !== undefined && isLogBroken(before?.report?.log, report.log);
  }

  gone(agentId: string, now: number): void {
    this.write(
      "update agents set connected = 0, role = null, since = ? where agent_id = ? and connected = 1",
      now,
      agentId,
    );
  }

  find(agentId: string): AgentPresence | undefined {
    return this.list().find((one) => one.agentId === agentId);
  }

  list(): AgentPresence[] {
    return this.all<PresenceRow>(
      "select agent_id as agentId, connected, role, since, report from agents order by agent_id",
    ).map(({ agentId, connected, role, since, report }) => ({
      agentId,
      connected: connected === 1,
      role: role as AgentPresence["role"],
      since,
      report: report === null ? null : (JSON.parse(report) as AgentReport),
    }));
  }
}
