import { hubSteps } from "../../../../durable-objects/alerts/schema.ts";
import { SqlHubStore } from "../../../../durable-objects/alerts/store.ts";
import { MemoryHubStore } from "../../../../src/modules/alerts/hub/memory-store.ts";
import { hubStoreSuite } from "../../../support/hub-store-suite.ts";
import { nodeSqlStorage } from "../../../support/node-sql-storage.ts";

hubStoreSuite("in memory", () => new MemoryHubStore());
hubStoreSuite("in SQLite", () => new SqlHubStore(nodeSqlStorage(hubSteps)));
