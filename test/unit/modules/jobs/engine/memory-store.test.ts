import { MemoryJobStore } from "../../../../../src/modules/jobs/engine/memory-store.ts";
import { jobStoreSuite } from "../../../../support/job-store-suite.ts";

jobStoreSuite("in memory", () => new MemoryJobStore());
