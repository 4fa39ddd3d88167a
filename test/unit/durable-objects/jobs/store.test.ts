import { describe, expect, it } from "vitest";
import { jobSteps } from "../../../../durable-objects/jobs/schema.ts";
import { SqlJobStore } from "../../../../durable-objects/jobs/store.ts";
import { aJobRow } from "../../../support/job-row.ts";
import { jobStoreSuite } from "../../../support/job-store-suite.ts";
import { nodeSqlStorage } from "../../../support/node-sql-storage.ts";

jobStoreSuite("in SQLite", () => new SqlJobStore(nodeSqlStorage(jobSteps)));

describe("a job store that keeps rows in memory", () => {
  const running = () => aJobRow({ state: "LEASED", queue: null });

  it("gives back what is stored after a transaction was rolled back", () => {
    const sql = nodeSqlStorage(jobSteps);
    const store = new SqlJobStore(sql);
    store.insertJob(running());
    store.writeHot({ ...store.readHot(), token: 1 });
    sql.database.exec("begin");
    const job = store.findJob("job_1");
    if (job === undefined) throw new Error("it isn't there");
    job.done = 1;
    store.updateJob(job, false);
    store.writeHot({ ...store.readHot(), token: 2 });
    sql.database.exec("rollback");
    store.forget();
    expect(store.findJob("job_1")?.done).toBe(0);
    expect(store.readHot().token).toBe(1);
  });

  it("gives nobody a row that somebody else changes", () => {
    const store = new SqlJobStore(nodeSqlStorage(jobSteps));
    store.insertJob(running());
    const first = store.findJob("job_1");
    if (first === undefined) throw new Error("it isn't there");
    store.updateJob(first, false);
    const second = store.findJob("job_1");
    const third = store.findJob("job_1");
    if (second !== undefined) second.done = 5;
    expect(third?.done).toBe(0);
    expect(store.findJob("job_1")?.done).toBe(0);
  });

  it("writes an index again when its column changes back", () => {
    const store = new SqlJobStore(nodeSqlStorage(jobSteps));
    const job = aJobRow({ queue: "q|fast|t1|p1||", rank: 1 });
    store.insertJob(job);
    for (const queue of [null, "q|fast|t1|p1||", null, "q|fast|t1|p1||"]) {
      const row = store.findJob("job_1");
      if (row === undefined) throw new Error("it isn't there");
      row.queue = queue;
      store.updateJob(row, false);
      expect(store.heads("q|fast|t1|p1||", 5)).toHaveLength(queue === null ? 0 : 1);
    }
  });
});
