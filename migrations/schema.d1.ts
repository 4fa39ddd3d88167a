import { ledgerTables } from "../src/db/ledger-tables.ts";
import { datasetTables } from "../src/modules/datasets/tables.ts";
import { policyTables } from "../src/modules/policy/tables.ts";
import { profileTables } from "../src/modules/profiles/tables.ts";
import { promptTables } from "../src/modules/prompts/tables.ts";

export const { events, outbox, idempotency, parked } = ledgerTables.sqlite;
export const { datasets, datasetVersions } = datasetTables.sqlite;
export const { prompts, promptVersions } = promptTables.sqlite;
export const { modelProfiles } = profileTables.sqlite;
export const { usagePolicies } = policyTables.sqlite;
