import { ledgerTables } from "../src/db/ledger-tables.ts";
import { accessTables } from "../src/modules/access/tables.ts";
import { channelTables } from "../src/modules/channels/tables.ts";
import { clusterTables } from "../src/modules/clusters/tables.ts";
import { datasetTables } from "../src/modules/datasets/tables.ts";
import { evaluationTables } from "../src/modules/evaluation/tables.ts";
import { harvesterTables } from "../src/modules/harvester/tables.ts";
import { jobTables } from "../src/modules/jobs/tables.ts";
import { policyTables } from "../src/modules/policy/tables.ts";
import { profileTables } from "../src/modules/profiles/tables.ts";
import { promptTables } from "../src/modules/prompts/tables.ts";
import { ruleTables } from "../src/modules/rules/tables.ts";
import { scheduleTables } from "../src/modules/schedules/tables.ts";
import { secretTables } from "../src/modules/secrets/tables.ts";
import { settingTables } from "../src/modules/settings/tables.ts";
import { sourceTables } from "../src/modules/sources/tables.ts";

export const { events, outbox, idempotency, parked } = ledgerTables.sqlite;
export const { datasets, datasetVersions } = datasetTables.sqlite;
export const { prompts, promptVersions } = promptTables.sqlite;
export const { modelProfiles } = profileTables.sqlite;
export const { usagePolicies } = policyTables.sqlite;
export const { tenants, projects, users, apiKeys, sessions, refreshTokens, signInAttempts } =
  accessTables.sqlite;
export const { secrets } = secretTables.sqlite;
export const { jobs } = jobTables.sqlite;
export const { runs, reports } = evaluationTables.sqlite;
export const { schedules } = scheduleTables.sqlite;
export const { rules, ruleVersions } = ruleTables.sqlite;
export const { sources, setAside, minutes } = sourceTables.sqlite;
export const { channels, deliveries, attempts } = channelTables.sqlite;
export const { settings } = settingTables.sqlite;
export const { clusters, clusterNamespaces, clusterAgents, clusterEnrolments, clusterKeys } =
  clusterTables.sqlite;
export const { consoleTickets } = harvesterTables.sqlite;
