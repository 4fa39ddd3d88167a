CREATE TABLE "access_api_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant_id" text NOT NULL,
	"name" text NOT NULL,
	"scopes" jsonb NOT NULL,
	"project_ids" jsonb,
	"secret_hash" text NOT NULL,
	"previous_hash" text,
	"previous_until" timestamp (3) with time zone,
	"created_by" text NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	"version" bigint NOT NULL,
	"write_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "channels_attempts" (
	"tenant_id" text NOT NULL,
	"delivery_id" text NOT NULL,
	"attempt" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"state" text NOT NULL,
	"status" bigint,
	"detail" text NOT NULL,
	"by" text NOT NULL,
	CONSTRAINT "channels_attempts_tenant_id_delivery_id_attempt_pk" PRIMARY KEY("tenant_id","delivery_id","attempt")
);
--> statement-breakpoint
CREATE TABLE "channels" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant_id" text NOT NULL,
	"project_id" text,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"config" jsonb NOT NULL,
	"secret_name" text,
	"locale" text NOT NULL,
	"zone" text NOT NULL,
	"templates" jsonb NOT NULL,
	"disabled_at" timestamp (3) with time zone,
	"disabled_reason" text,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" bigint NOT NULL,
	"write_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "clusters_agents" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant_id" text NOT NULL,
	"cluster_id" text NOT NULL,
	"name" text NOT NULL,
	"status" text NOT NULL,
	"public_key" text NOT NULL,
	"former_key" text,
	"former_key_until" timestamp (3) with time zone,
	"key_made_at" timestamp (3) with time zone NOT NULL,
	"software_version" text NOT NULL,
	"platform" text NOT NULL,
	"hostname" text NOT NULL,
	"enrolment_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"revoked_by" text,
	"version" bigint NOT NULL,
	"write_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "clusters_enrolments" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant_id" text NOT NULL,
	"cluster_id" text NOT NULL,
	"hash" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone,
	"write_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "clusters_keys" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant_id" text NOT NULL,
	"cluster_id" text NOT NULL,
	"public_key" text NOT NULL,
	"sealed" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"valid_from" timestamp (3) with time zone NOT NULL,
	"valid_until" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "clusters_namespaces" (
	"tenant_id" text NOT NULL,
	"cluster_id" text NOT NULL,
	"namespace" text NOT NULL,
	"project_id" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"write_id" text NOT NULL,
	CONSTRAINT "clusters_namespaces_tenant_id_cluster_id_namespace_pk" PRIMARY KEY("tenant_id","cluster_id","namespace")
);
--> statement-breakpoint
CREATE TABLE "clusters" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant_id" text NOT NULL,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"namespaces" jsonb,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" bigint NOT NULL,
	"write_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "harvester_console_tickets" (
	"hash" text PRIMARY KEY NOT NULL,
	"tenant_id" text NOT NULL,
	"cluster_id" text NOT NULL,
	"namespace" text NOT NULL,
	"machine" text NOT NULL,
	"kind" text NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text NOT NULL,
	"actor_projects" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"write_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "dataset_versions" (
	"tenant_id" text NOT NULL,
	"dataset_id" text NOT NULL,
	"version" bigint NOT NULL,
	"upload_id" text NOT NULL,
	"format" text NOT NULL,
	"container" text NOT NULL,
	"encoding" text NOT NULL,
	"file_name" text,
	"choices" jsonb NOT NULL,
	"sha256" text NOT NULL,
	"bytes" bigint NOT NULL,
	"cases_bytes" bigint NOT NULL,
	"record_count" bigint NOT NULL,
	"rows_rejected" bigint NOT NULL,
	"rows_warned" bigint NOT NULL,
	"request_key" text,
	"request_hash" text,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "dataset_versions_dataset_id_version_pk" PRIMARY KEY("dataset_id","version")
);
--> statement-breakpoint
CREATE TABLE "datasets" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant_id" text NOT NULL,
	"project_id" text,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"status" text NOT NULL,
	"latest_version" bigint NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" bigint NOT NULL,
	"write_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "channels_deliveries" (
	"tenant_id" text NOT NULL,
	"id" text NOT NULL,
	"channel_id" text NOT NULL,
	"project_id" text,
	"state" text NOT NULL,
	"attempts" bigint NOT NULL,
	"next_at" timestamp (3) with time zone,
	"last_status" bigint,
	"detail" text NOT NULL,
	"notification" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "channels_deliveries_tenant_id_id_pk" PRIMARY KEY("tenant_id","id")
);
--> statement-breakpoint
CREATE TABLE "audit_events" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant_id" text NOT NULL,
	"project_id" text,
	"at" timestamp (3) with time zone NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text NOT NULL,
	"action" text NOT NULL,
	"resource" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"address" text,
	"request_id" text,
	"trace_id" text,
	"digest" text NOT NULL,
	"seq" bigint,
	"chain_hash" text
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"tenant_id" text NOT NULL,
	"scope" text NOT NULL,
	"key" text NOT NULL,
	"body_hash" text NOT NULL,
	"claim_id" text NOT NULL,
	"applied_to" text,
	"status" bigint,
	"response" jsonb,
	"locked_until" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_tenant_id_scope_key_pk" PRIMARY KEY("tenant_id","scope","key")
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant_id" text NOT NULL,
	"project_id" text NOT NULL,
	"type" text NOT NULL,
	"status" text NOT NULL,
	"state" text NOT NULL,
	"job" jsonb NOT NULL,
	"last_event_seq" bigint NOT NULL,
	"cost_micros" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sources_minutes" (
	"tenant_id" text NOT NULL,
	"source_id" text NOT NULL,
	"minute" timestamp (3) with time zone NOT NULL,
	"outcome" text NOT NULL,
	"count" bigint NOT NULL,
	CONSTRAINT "sources_minutes_tenant_id_source_id_minute_outcome_pk" PRIMARY KEY("tenant_id","source_id","minute","outcome")
);
--> statement-breakpoint
CREATE TABLE "model_profiles" (
	"tenant_id" text NOT NULL,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"provider" text NOT NULL,
	"base_url" text,
	"model" text NOT NULL,
	"embedding_model" text,
	"deployment" text,
	"embedding_deployment" text,
	"api_version" text,
	"secret_name" text,
	"params" jsonb NOT NULL,
	"limits" jsonb NOT NULL,
	"prices" jsonb NOT NULL,
	"quirks" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"updated_by" text NOT NULL,
	"version" bigint NOT NULL,
	"write_id" text NOT NULL,
	CONSTRAINT "model_profiles_tenant_id_name_pk" PRIMARY KEY("tenant_id","name")
);
--> statement-breakpoint
CREATE TABLE "outbox_messages" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant_id" text NOT NULL,
	"topic" text NOT NULL,
	"payload" jsonb NOT NULL,
	"available_at" timestamp (3) with time zone NOT NULL,
	"attempts" bigint DEFAULT 0 NOT NULL,
	"last_error" text
);
--> statement-breakpoint
CREATE TABLE "parked_messages" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant_id" text NOT NULL,
	"queue" text NOT NULL,
	"body" jsonb,
	"reason" text NOT NULL,
	"attempts" bigint NOT NULL,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "access_projects" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant_id" text NOT NULL,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"settings" jsonb NOT NULL,
	"is_default" boolean NOT NULL,
	"version" bigint NOT NULL,
	"write_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "prompt_versions" (
	"tenant_id" text NOT NULL,
	"prompt_id" text NOT NULL,
	"version" bigint NOT NULL,
	"content" text NOT NULL,
	"variables" jsonb NOT NULL,
	"checksum" text NOT NULL,
	"status" text NOT NULL,
	"created_by" text NOT NULL,
	"author_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"approved_by" text,
	"approved_at" timestamp (3) with time zone,
	"deprecated_at" timestamp (3) with time zone,
	"write_id" text NOT NULL,
	CONSTRAINT "prompt_versions_prompt_id_version_pk" PRIMARY KEY("prompt_id","version")
);
--> statement-breakpoint
CREATE TABLE "prompts" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant_id" text NOT NULL,
	"project_id" text,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"latest_version" bigint NOT NULL,
	"approved_version" bigint,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" bigint NOT NULL,
	"write_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "access_refresh_tokens" (
	"hash" text PRIMARY KEY NOT NULL,
	"tenant_id" text NOT NULL,
	"user_id" text NOT NULL,
	"session_id" text NOT NULL,
	"issued_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone,
	"write_id" text
);
--> statement-breakpoint
CREATE TABLE "evaluation_reports" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant_id" text NOT NULL,
	"project_id" text NOT NULL,
	"job_id" text NOT NULL,
	"kind" text NOT NULL,
	"body" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rule_versions" (
	"tenant_id" text NOT NULL,
	"rule_id" text NOT NULL,
	"version" bigint NOT NULL,
	"definition" jsonb NOT NULL,
	"checksum" text NOT NULL,
	"reason" text NOT NULL,
	"status" text NOT NULL,
	"created_by" text NOT NULL,
	"author_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"published_at" timestamp (3) with time zone,
	"write_id" text NOT NULL,
	CONSTRAINT "rule_versions_rule_id_version_pk" PRIMARY KEY("rule_id","version")
);
--> statement-breakpoint
CREATE TABLE "rules" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant_id" text NOT NULL,
	"project_id" text,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"latest_version" bigint NOT NULL,
	"live_version" bigint,
	"shadow_version" bigint,
	"history" jsonb NOT NULL,
	"lineage" text NOT NULL,
	"state_epoch" bigint NOT NULL,
	"enabled" boolean NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" bigint NOT NULL,
	"write_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "evaluation_runs" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant_id" text NOT NULL,
	"project_id" text NOT NULL,
	"job_id" text NOT NULL,
	"dataset_id" text NOT NULL,
	"dataset_name" text NOT NULL,
	"profile" text,
	"run" jsonb NOT NULL,
	"config" jsonb NOT NULL,
	"config_hash" text NOT NULL,
	"cost_micros" bigint NOT NULL,
	"results_key" text NOT NULL,
	"results_index" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "schedules" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant_id" text NOT NULL,
	"project_id" text,
	"name" text NOT NULL,
	"schedule" jsonb NOT NULL,
	"policy" jsonb NOT NULL,
	"action" jsonb NOT NULL,
	"enabled" boolean NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" bigint NOT NULL,
	"write_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "secrets_values" (
	"tenant_id" text NOT NULL,
	"name" text NOT NULL,
	"description" text NOT NULL,
	"sealed" jsonb NOT NULL,
	"updated_by" text NOT NULL,
	"last_read_at" timestamp (3) with time zone,
	"version" bigint NOT NULL,
	"write_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "secrets_values_tenant_id_name_pk" PRIMARY KEY("tenant_id","name")
);
--> statement-breakpoint
CREATE TABLE "access_sessions" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant_id" text NOT NULL,
	"user_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"revoked_reason" text
);
--> statement-breakpoint
CREATE TABLE "sources_set_aside" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant_id" text NOT NULL,
	"source_id" text NOT NULL,
	"reason" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"event_id" text,
	"event_type" text,
	"detail" text NOT NULL,
	"errors" jsonb NOT NULL,
	"blob_key" text,
	"bytes" bigint NOT NULL,
	"replayed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"tenant_id" text PRIMARY KEY NOT NULL,
	"published" jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" bigint NOT NULL,
	"write_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "access_sign_in_attempts" (
	"tenant_id" text NOT NULL,
	"account" text NOT NULL,
	"failures" bigint NOT NULL,
	"blocked_until" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"write_id" text NOT NULL,
	CONSTRAINT "access_sign_in_attempts_tenant_id_account_pk" PRIMARY KEY("tenant_id","account")
);
--> statement-breakpoint
CREATE TABLE "sources" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant_id" text NOT NULL,
	"project_id" text,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"status" text NOT NULL,
	"proof" text NOT NULL,
	"delivery" text NOT NULL,
	"secrets" jsonb NOT NULL,
	"tokens" jsonb NOT NULL,
	"mapping" jsonb NOT NULL,
	"types" jsonb NOT NULL,
	"limits" jsonb NOT NULL,
	"allowed_origins" jsonb NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" bigint NOT NULL,
	"write_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "access_tenants" (
	"tenant_id" text PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"settings" jsonb NOT NULL,
	"version" bigint NOT NULL,
	"write_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "usage_policies" (
	"tenant_id" text PRIMARY KEY NOT NULL,
	"allowed_models" jsonb,
	"allowed_metrics" jsonb,
	"daily_cost_limit_micros" bigint,
	"monthly_cost_limit_micros" bigint,
	"max_concurrent_runs" bigint NOT NULL,
	"max_daily_runs" bigint NOT NULL,
	"data_retention_days" bigint NOT NULL,
	"time_zone" text NOT NULL,
	"updated_by" text NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"version" bigint NOT NULL,
	"write_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "access_users" (
	"id" text PRIMARY KEY NOT NULL,
	"tenant_id" text NOT NULL,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"grants" jsonb NOT NULL,
	"project_ids" jsonb,
	"password_hash" text NOT NULL,
	"disabled" boolean NOT NULL,
	"last_sign_in_at" timestamp (3) with time zone,
	"version" bigint NOT NULL,
	"write_id" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "access_api_keys_created" ON "access_api_keys" USING btree ("tenant_id","created_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "channels_name" ON "channels" USING btree ("tenant_id","name");--> statement-breakpoint
CREATE INDEX "channels_created" ON "channels" USING btree ("tenant_id","created_at","id");--> statement-breakpoint
CREATE INDEX "clusters_agents_created" ON "clusters_agents" USING btree ("tenant_id","cluster_id","created_at","id");--> statement-breakpoint
CREATE INDEX "clusters_enrolments_cluster" ON "clusters_enrolments" USING btree ("tenant_id","cluster_id");--> statement-breakpoint
CREATE INDEX "clusters_keys_cluster" ON "clusters_keys" USING btree ("tenant_id","cluster_id","created_at");--> statement-breakpoint
CREATE INDEX "clusters_namespaces_project" ON "clusters_namespaces" USING btree ("tenant_id","project_id");--> statement-breakpoint
CREATE UNIQUE INDEX "clusters_name" ON "clusters" USING btree ("tenant_id","name");--> statement-breakpoint
CREATE INDEX "clusters_created" ON "clusters" USING btree ("tenant_id","created_at","id");--> statement-breakpoint
CREATE INDEX "harvester_console_tickets_expiry" ON "harvester_console_tickets" USING btree ("tenant_id","expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "dataset_versions_upload" ON "dataset_versions" USING btree ("tenant_id","upload_id");--> statement-breakpoint
CREATE UNIQUE INDEX "dataset_versions_request" ON "dataset_versions" USING btree ("tenant_id","request_key");--> statement-breakpoint
CREATE UNIQUE INDEX "datasets_name" ON "datasets" USING btree ("tenant_id","name");--> statement-breakpoint
CREATE INDEX "datasets_created" ON "datasets" USING btree ("tenant_id","created_at","id");--> statement-breakpoint
CREATE INDEX "channels_deliveries_created" ON "channels_deliveries" USING btree ("tenant_id","created_at","id");--> statement-breakpoint
CREATE INDEX "channels_deliveries_channel" ON "channels_deliveries" USING btree ("tenant_id","channel_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "audit_events_chain" ON "audit_events" USING btree ("tenant_id","seq");--> statement-breakpoint
CREATE INDEX "audit_events_at" ON "audit_events" USING btree ("tenant_id","at","id");--> statement-breakpoint
CREATE INDEX "audit_events_resource" ON "audit_events" USING btree ("tenant_id","resource","at");--> statement-breakpoint
CREATE INDEX "audit_events_unsealed" ON "audit_events" USING btree ("tenant_id","at","id") WHERE seq is null;--> statement-breakpoint
CREATE INDEX "idempotency_keys_claim" ON "idempotency_keys" USING btree ("tenant_id","claim_id");--> statement-breakpoint
CREATE INDEX "idempotency_keys_expiry" ON "idempotency_keys" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "jobs_created" ON "jobs" USING btree ("tenant_id","created_at","id");--> statement-breakpoint
CREATE INDEX "jobs_status" ON "jobs" USING btree ("tenant_id","status","created_at");--> statement-breakpoint
CREATE INDEX "model_profiles_created" ON "model_profiles" USING btree ("tenant_id","created_at","name");--> statement-breakpoint
CREATE INDEX "outbox_messages_due" ON "outbox_messages" USING btree ("tenant_id","available_at");--> statement-breakpoint
CREATE INDEX "parked_messages_at" ON "parked_messages" USING btree ("tenant_id","at");--> statement-breakpoint
CREATE UNIQUE INDEX "access_projects_name" ON "access_projects" USING btree ("tenant_id","name");--> statement-breakpoint
CREATE INDEX "access_projects_created" ON "access_projects" USING btree ("tenant_id","created_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "prompts_name" ON "prompts" USING btree ("tenant_id","name");--> statement-breakpoint
CREATE INDEX "prompts_created" ON "prompts" USING btree ("tenant_id","created_at","id");--> statement-breakpoint
CREATE INDEX "access_refresh_tokens_user" ON "access_refresh_tokens" USING btree ("tenant_id","user_id","expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "rules_name" ON "rules" USING btree ("tenant_id","name");--> statement-breakpoint
CREATE INDEX "rules_created" ON "rules" USING btree ("tenant_id","created_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "evaluation_runs_job" ON "evaluation_runs" USING btree ("tenant_id","job_id");--> statement-breakpoint
CREATE INDEX "evaluation_runs_created" ON "evaluation_runs" USING btree ("tenant_id","created_at","id");--> statement-breakpoint
CREATE INDEX "evaluation_runs_dataset" ON "evaluation_runs" USING btree ("tenant_id","dataset_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "schedules_name" ON "schedules" USING btree ("tenant_id","name");--> statement-breakpoint
CREATE INDEX "schedules_created" ON "schedules" USING btree ("tenant_id","created_at","id");--> statement-breakpoint
CREATE INDEX "secrets_values_created" ON "secrets_values" USING btree ("tenant_id","created_at","name");--> statement-breakpoint
CREATE INDEX "access_sessions_user" ON "access_sessions" USING btree ("tenant_id","user_id");--> statement-breakpoint
CREATE INDEX "sources_set_aside_at" ON "sources_set_aside" USING btree ("tenant_id","source_id","at","id");--> statement-breakpoint
CREATE INDEX "sources_set_aside_age" ON "sources_set_aside" USING btree ("at");--> statement-breakpoint
CREATE INDEX "access_sign_in_attempts_expiry" ON "access_sign_in_attempts" USING btree ("tenant_id","expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "sources_name" ON "sources" USING btree ("tenant_id","name");--> statement-breakpoint
CREATE INDEX "sources_created" ON "sources" USING btree ("tenant_id","created_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "access_tenants_slug" ON "access_tenants" USING btree ("slug");--> statement-breakpoint
CREATE UNIQUE INDEX "access_users_email" ON "access_users" USING btree ("tenant_id","email");--> statement-breakpoint
CREATE INDEX "access_users_created" ON "access_users" USING btree ("tenant_id","created_at","id");