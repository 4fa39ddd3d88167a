CREATE TABLE `access_api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	`scopes` text NOT NULL,
	`project_ids` text,
	`secret_hash` text NOT NULL,
	`previous_hash` text,
	`previous_until` integer,
	`created_by` text NOT NULL,
	`expires_at` integer,
	`revoked_at` integer,
	`last_used_at` integer,
	`version` integer NOT NULL,
	`write_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `access_api_keys_created` ON `access_api_keys` (`tenant_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `channels_attempts` (
	`tenant_id` text NOT NULL,
	`delivery_id` text NOT NULL,
	`attempt` integer NOT NULL,
	`at` integer NOT NULL,
	`state` text NOT NULL,
	`status` integer,
	`detail` text NOT NULL,
	`by` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `delivery_id`, `attempt`)
);
--> statement-breakpoint
CREATE TABLE `channels` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`project_id` text,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`config` text NOT NULL,
	`secret_name` text,
	`locale` text NOT NULL,
	`zone` text NOT NULL,
	`templates` text NOT NULL,
	`disabled_at` integer,
	`disabled_reason` text,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`version` integer NOT NULL,
	`write_id` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `channels_name` ON `channels` (`tenant_id`,`name`);--> statement-breakpoint
CREATE INDEX `channels_created` ON `channels` (`tenant_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `clusters_agents` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`cluster_id` text NOT NULL,
	`name` text NOT NULL,
	`status` text NOT NULL,
	`public_key` text NOT NULL,
	`former_key` text,
	`former_key_until` integer,
	`key_made_at` integer NOT NULL,
	`software_version` text NOT NULL,
	`platform` text NOT NULL,
	`hostname` text NOT NULL,
	`enrolment_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`revoked_at` integer,
	`revoked_by` text,
	`version` integer NOT NULL,
	`write_id` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `clusters_agents_created` ON `clusters_agents` (`tenant_id`,`cluster_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `clusters_enrolments` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`cluster_id` text NOT NULL,
	`hash` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	`write_id` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `clusters_enrolments_cluster` ON `clusters_enrolments` (`tenant_id`,`cluster_id`);--> statement-breakpoint
CREATE TABLE `clusters_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`cluster_id` text NOT NULL,
	`public_key` text NOT NULL,
	`sealed` text NOT NULL,
	`created_at` integer NOT NULL,
	`valid_from` integer NOT NULL,
	`valid_until` integer
);
--> statement-breakpoint
CREATE INDEX `clusters_keys_cluster` ON `clusters_keys` (`tenant_id`,`cluster_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `clusters_namespaces` (
	`tenant_id` text NOT NULL,
	`cluster_id` text NOT NULL,
	`namespace` text NOT NULL,
	`project_id` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`write_id` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `cluster_id`, `namespace`)
);
--> statement-breakpoint
CREATE INDEX `clusters_namespaces_project` ON `clusters_namespaces` (`tenant_id`,`project_id`);--> statement-breakpoint
CREATE TABLE `clusters` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`namespaces` text,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`version` integer NOT NULL,
	`write_id` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `clusters_name` ON `clusters` (`tenant_id`,`name`);--> statement-breakpoint
CREATE INDEX `clusters_created` ON `clusters` (`tenant_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `harvester_console_tickets` (
	`hash` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`cluster_id` text NOT NULL,
	`namespace` text NOT NULL,
	`machine` text NOT NULL,
	`kind` text NOT NULL,
	`actor_kind` text NOT NULL,
	`actor_id` text NOT NULL,
	`actor_projects` text,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`write_id` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `harvester_console_tickets_expiry` ON `harvester_console_tickets` (`tenant_id`,`expires_at`);--> statement-breakpoint
CREATE TABLE `dataset_versions` (
	`tenant_id` text NOT NULL,
	`dataset_id` text NOT NULL,
	`version` integer NOT NULL,
	`upload_id` text NOT NULL,
	`format` text NOT NULL,
	`container` text NOT NULL,
	`encoding` text NOT NULL,
	`file_name` text,
	`choices` text NOT NULL,
	`sha256` text NOT NULL,
	`bytes` integer NOT NULL,
	`cases_bytes` integer NOT NULL,
	`record_count` integer NOT NULL,
	`rows_rejected` integer NOT NULL,
	`rows_warned` integer NOT NULL,
	`request_key` text,
	`request_hash` text,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`dataset_id`, `version`)
);
--> statement-breakpoint
CREATE UNIQUE INDEX `dataset_versions_upload` ON `dataset_versions` (`tenant_id`,`upload_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `dataset_versions_request` ON `dataset_versions` (`tenant_id`,`request_key`);--> statement-breakpoint
CREATE TABLE `datasets` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`project_id` text,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`status` text NOT NULL,
	`latest_version` integer NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`version` integer NOT NULL,
	`write_id` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `datasets_name` ON `datasets` (`tenant_id`,`name`);--> statement-breakpoint
CREATE INDEX `datasets_created` ON `datasets` (`tenant_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `channels_deliveries` (
	`tenant_id` text NOT NULL,
	`id` text NOT NULL,
	`channel_id` text NOT NULL,
	`project_id` text,
	`state` text NOT NULL,
	`attempts` integer NOT NULL,
	`next_at` integer,
	`last_status` integer,
	`detail` text NOT NULL,
	`notification` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `id`)
);
--> statement-breakpoint
CREATE INDEX `channels_deliveries_created` ON `channels_deliveries` (`tenant_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `channels_deliveries_channel` ON `channels_deliveries` (`tenant_id`,`channel_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `audit_events` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`project_id` text,
	`at` integer NOT NULL,
	`actor_kind` text NOT NULL,
	`actor_id` text NOT NULL,
	`action` text NOT NULL,
	`resource` text NOT NULL,
	`before` text,
	`after` text,
	`address` text,
	`request_id` text,
	`trace_id` text,
	`digest` text NOT NULL,
	`seq` integer,
	`chain_hash` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `audit_events_chain` ON `audit_events` (`tenant_id`,`seq`);--> statement-breakpoint
CREATE INDEX `audit_events_at` ON `audit_events` (`tenant_id`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `audit_events_resource` ON `audit_events` (`tenant_id`,`resource`,`at`);--> statement-breakpoint
CREATE INDEX `audit_events_unsealed` ON `audit_events` (`tenant_id`,`at`,`id`) WHERE seq is null;--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`tenant_id` text NOT NULL,
	`scope` text NOT NULL,
	`key` text NOT NULL,
	`body_hash` text NOT NULL,
	`claim_id` text NOT NULL,
	`applied_to` text,
	`status` integer,
	`response` text,
	`locked_until` integer NOT NULL,
	`expires_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `scope`, `key`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_claim` ON `idempotency_keys` (`tenant_id`,`claim_id`);--> statement-breakpoint
CREATE INDEX `idempotency_keys_expiry` ON `idempotency_keys` (`expires_at`);--> statement-breakpoint
CREATE TABLE `jobs` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`project_id` text NOT NULL,
	`type` text NOT NULL,
	`status` text NOT NULL,
	`state` text NOT NULL,
	`job` text NOT NULL,
	`last_event_seq` integer NOT NULL,
	`cost_micros` integer NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `jobs_created` ON `jobs` (`tenant_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `jobs_status` ON `jobs` (`tenant_id`,`status`,`created_at`);--> statement-breakpoint
CREATE TABLE `sources_minutes` (
	`tenant_id` text NOT NULL,
	`source_id` text NOT NULL,
	`minute` integer NOT NULL,
	`outcome` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `source_id`, `minute`, `outcome`)
);
--> statement-breakpoint
CREATE TABLE `model_profiles` (
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`provider` text NOT NULL,
	`base_url` text,
	`model` text NOT NULL,
	`embedding_model` text,
	`deployment` text,
	`embedding_deployment` text,
	`api_version` text,
	`secret_name` text,
	`params` text NOT NULL,
	`limits` text NOT NULL,
	`prices` text NOT NULL,
	`quirks` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`updated_by` text NOT NULL,
	`version` integer NOT NULL,
	`write_id` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `name`)
);
--> statement-breakpoint
CREATE INDEX `model_profiles_created` ON `model_profiles` (`tenant_id`,`created_at`,`name`);--> statement-breakpoint
CREATE TABLE `outbox_messages` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`topic` text NOT NULL,
	`payload` text NOT NULL,
	`available_at` integer NOT NULL,
	`attempts` integer DEFAULT 0 NOT NULL,
	`last_error` text
);
--> statement-breakpoint
CREATE INDEX `outbox_messages_due` ON `outbox_messages` (`tenant_id`,`available_at`);--> statement-breakpoint
CREATE TABLE `parked_messages` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`queue` text NOT NULL,
	`body` text,
	`reason` text NOT NULL,
	`attempts` integer NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `parked_messages_at` ON `parked_messages` (`tenant_id`,`at`);--> statement-breakpoint
CREATE TABLE `access_projects` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`settings` text NOT NULL,
	`is_default` integer NOT NULL,
	`version` integer NOT NULL,
	`write_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `access_projects_name` ON `access_projects` (`tenant_id`,`name`);--> statement-breakpoint
CREATE INDEX `access_projects_created` ON `access_projects` (`tenant_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `prompt_versions` (
	`tenant_id` text NOT NULL,
	`prompt_id` text NOT NULL,
	`version` integer NOT NULL,
	`content` text NOT NULL,
	`variables` text NOT NULL,
	`checksum` text NOT NULL,
	`status` text NOT NULL,
	`created_by` text NOT NULL,
	`author_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`approved_by` text,
	`approved_at` integer,
	`deprecated_at` integer,
	`write_id` text NOT NULL,
	PRIMARY KEY(`prompt_id`, `version`)
);
--> statement-breakpoint
CREATE TABLE `prompts` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`project_id` text,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`latest_version` integer NOT NULL,
	`approved_version` integer,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`version` integer NOT NULL,
	`write_id` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `prompts_name` ON `prompts` (`tenant_id`,`name`);--> statement-breakpoint
CREATE INDEX `prompts_created` ON `prompts` (`tenant_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `access_refresh_tokens` (
	`hash` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`user_id` text NOT NULL,
	`session_id` text NOT NULL,
	`issued_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	`write_id` text
);
--> statement-breakpoint
CREATE INDEX `access_refresh_tokens_user` ON `access_refresh_tokens` (`tenant_id`,`user_id`,`expires_at`);--> statement-breakpoint
CREATE TABLE `evaluation_reports` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`project_id` text NOT NULL,
	`job_id` text NOT NULL,
	`kind` text NOT NULL,
	`body` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `rule_versions` (
	`tenant_id` text NOT NULL,
	`rule_id` text NOT NULL,
	`version` integer NOT NULL,
	`definition` text NOT NULL,
	`checksum` text NOT NULL,
	`reason` text NOT NULL,
	`status` text NOT NULL,
	`created_by` text NOT NULL,
	`author_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`published_at` integer,
	`write_id` text NOT NULL,
	PRIMARY KEY(`rule_id`, `version`)
);
--> statement-breakpoint
CREATE TABLE `rules` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`project_id` text,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`latest_version` integer NOT NULL,
	`live_version` integer,
	`shadow_version` integer,
	`history` text NOT NULL,
	`lineage` text NOT NULL,
	`state_epoch` integer NOT NULL,
	`enabled` integer NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`version` integer NOT NULL,
	`write_id` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `rules_name` ON `rules` (`tenant_id`,`name`);--> statement-breakpoint
CREATE INDEX `rules_created` ON `rules` (`tenant_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `evaluation_runs` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`project_id` text NOT NULL,
	`job_id` text NOT NULL,
	`dataset_id` text NOT NULL,
	`dataset_name` text NOT NULL,
	`profile` text,
	`run` text NOT NULL,
	`config` text NOT NULL,
	`config_hash` text NOT NULL,
	`cost_micros` integer NOT NULL,
	`results_key` text NOT NULL,
	`results_index` text NOT NULL,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `evaluation_runs_job` ON `evaluation_runs` (`tenant_id`,`job_id`);--> statement-breakpoint
CREATE INDEX `evaluation_runs_created` ON `evaluation_runs` (`tenant_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `evaluation_runs_dataset` ON `evaluation_runs` (`tenant_id`,`dataset_id`,`created_at`);--> statement-breakpoint
CREATE TABLE `schedules` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`project_id` text,
	`name` text NOT NULL,
	`schedule` text NOT NULL,
	`policy` text NOT NULL,
	`action` text NOT NULL,
	`enabled` integer NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`version` integer NOT NULL,
	`write_id` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `schedules_name` ON `schedules` (`tenant_id`,`name`);--> statement-breakpoint
CREATE INDEX `schedules_created` ON `schedules` (`tenant_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `secrets_values` (
	`tenant_id` text NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`sealed` text NOT NULL,
	`updated_by` text NOT NULL,
	`last_read_at` integer,
	`version` integer NOT NULL,
	`write_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`tenant_id`, `name`)
);
--> statement-breakpoint
CREATE INDEX `secrets_values_created` ON `secrets_values` (`tenant_id`,`created_at`,`name`);--> statement-breakpoint
CREATE TABLE `access_sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`user_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`revoked_at` integer,
	`revoked_reason` text
);
--> statement-breakpoint
CREATE INDEX `access_sessions_user` ON `access_sessions` (`tenant_id`,`user_id`);--> statement-breakpoint
CREATE TABLE `sources_set_aside` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`source_id` text NOT NULL,
	`reason` text NOT NULL,
	`at` integer NOT NULL,
	`event_id` text,
	`event_type` text,
	`detail` text NOT NULL,
	`errors` text NOT NULL,
	`blob_key` text,
	`bytes` integer NOT NULL,
	`replayed_at` integer
);
--> statement-breakpoint
CREATE INDEX `sources_set_aside_at` ON `sources_set_aside` (`tenant_id`,`source_id`,`at`,`id`);--> statement-breakpoint
CREATE INDEX `sources_set_aside_age` ON `sources_set_aside` (`at`);--> statement-breakpoint
CREATE TABLE `settings` (
	`tenant_id` text PRIMARY KEY NOT NULL,
	`published` text NOT NULL,
	`updated_at` integer NOT NULL,
	`version` integer NOT NULL,
	`write_id` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `access_sign_in_attempts` (
	`tenant_id` text NOT NULL,
	`account` text NOT NULL,
	`failures` integer NOT NULL,
	`blocked_until` integer,
	`expires_at` integer NOT NULL,
	`write_id` text NOT NULL,
	PRIMARY KEY(`tenant_id`, `account`)
);
--> statement-breakpoint
CREATE INDEX `access_sign_in_attempts_expiry` ON `access_sign_in_attempts` (`tenant_id`,`expires_at`);--> statement-breakpoint
CREATE TABLE `sources` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`project_id` text,
	`name` text NOT NULL,
	`kind` text NOT NULL,
	`status` text NOT NULL,
	`proof` text NOT NULL,
	`delivery` text NOT NULL,
	`secrets` text NOT NULL,
	`tokens` text NOT NULL,
	`mapping` text NOT NULL,
	`types` text NOT NULL,
	`limits` text NOT NULL,
	`allowed_origins` text NOT NULL,
	`created_by` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`version` integer NOT NULL,
	`write_id` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sources_name` ON `sources` (`tenant_id`,`name`);--> statement-breakpoint
CREATE INDEX `sources_created` ON `sources` (`tenant_id`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `access_tenants` (
	`tenant_id` text PRIMARY KEY NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`settings` text NOT NULL,
	`version` integer NOT NULL,
	`write_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `access_tenants_slug` ON `access_tenants` (`slug`);--> statement-breakpoint
CREATE TABLE `usage_policies` (
	`tenant_id` text PRIMARY KEY NOT NULL,
	`allowed_models` text,
	`allowed_metrics` text,
	`daily_cost_limit_micros` integer,
	`monthly_cost_limit_micros` integer,
	`max_concurrent_runs` integer NOT NULL,
	`max_daily_runs` integer NOT NULL,
	`data_retention_days` integer NOT NULL,
	`time_zone` text NOT NULL,
	`updated_by` text NOT NULL,
	`updated_at` integer NOT NULL,
	`version` integer NOT NULL,
	`write_id` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `access_users` (
	`id` text PRIMARY KEY NOT NULL,
	`tenant_id` text NOT NULL,
	`email` text NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`grants` text NOT NULL,
	`project_ids` text,
	`password_hash` text NOT NULL,
	`disabled` integer NOT NULL,
	`last_sign_in_at` integer,
	`version` integer NOT NULL,
	`write_id` text NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `access_users_email` ON `access_users` (`tenant_id`,`email`);--> statement-breakpoint
CREATE INDEX `access_users_created` ON `access_users` (`tenant_id`,`created_at`,`id`);