import { jobSteps } from "../../../../durable-objects/jobs/schema.ts";
import { SqlJobStore } from "../../../../durable-objects/jobs/store.ts";
import { jobStoreSuite } from "../../../support/job-store-suite.ts";
import { nodeSqlStorage } from "../../../support/node-sql-storage.ts";

jobStoreSuite("in SQLite", () => new SqlJobStore(nodeSqlStorage(jobSteps)));
