import { type Route, route } from "../../http/route.ts";
import { addRuleVersion } from "./operations/add-rule-version.ts";
import { backtestRule } from "./operations/backtest-rule.ts";
import { compareShadow } from "./operations/compare-shadow.ts";
import { createRule } from "./operations/create-rule.ts";
import { diffRuleVersions } from "./operations/diff-rule-versions.ts";
import { explainRule } from "./operations/explain-rule.ts";
import { getRule } from "./operations/get-rule.ts";
import { getRuleHealth } from "./operations/get-rule-health.ts";
import { getRuleTemplate } from "./operations/get-rule-template.ts";
import { getRuleVersion } from "./operations/get-rule-version.ts";
import { instantiateRuleTemplate } from "./operations/instantiate-rule-template.ts";
import { listEffects } from "./operations/list-effects.ts";
import { listRuleRuns } from "./operations/list-rule-runs.ts";
import { listRuleTemplates } from "./operations/list-rule-templates.ts";
import { listRuleVersions } from "./operations/list-rule-versions.ts";
import { listRules } from "./operations/list-rules.ts";
import { previewRule } from "./operations/preview-rule.ts";
import { publishRuleVersion } from "./operations/publish-rule-version.ts";
import { redriveEffect } from "./operations/redrive-effect.ts";
import { rollbackRule } from "./operations/rollback-rule.ts";
import { shadowRuleVersion } from "./operations/shadow-rule-version.ts";
import { testRules } from "./operations/test-rules.ts";
import { updateRule } from "./operations/update-rule.ts";
import { validateRuleVersion } from "./operations/validate-rule-version.ts";

export const ruleRoutes: readonly Route[] = [
  route(createRule, "POST", "/v1/rules", { status: 201 }),
  route(listRules, "GET", "/v1/rules"),
  route(testRules, "POST", "/v1/rules:test"),
  route(getRule, "GET", "/v1/rules/{id}"),
  route(updateRule, "PATCH", "/v1/rules/{id}"),
  route(rollbackRule, "POST", "/v1/rules/{id}:rollback"),
  route(explainRule, "POST", "/v1/rules/{id}:explain"),
  route(backtestRule, "POST", "/v1/rules/{id}:backtest"),
  route(compareShadow, "GET", "/v1/rules/{id}/shadow"),
  route(getRuleHealth, "GET", "/v1/rules/{id}/health"),
  route(previewRule, "GET", "/v1/rules/{id}/preview"),
  route(listRuleRuns, "GET", "/v1/rules/{id}/runs"),
  route(listEffects, "GET", "/v1/rules/{id}/effects"),
  route(redriveEffect, "POST", "/v1/rules/{id}/effects/{key}:redrive"),
  route(addRuleVersion, "POST", "/v1/rules/{id}/versions", { status: 201 }),
  route(listRuleVersions, "GET", "/v1/rules/{id}/versions"),
  route(getRuleVersion, "GET", "/v1/rules/{id}/versions/{version}"),
  route(diffRuleVersions, "GET", "/v1/rules/{id}/versions/{version}:diff"),
  route(validateRuleVersion, "POST", "/v1/rules/{id}/versions/{version}:validate"),
  route(shadowRuleVersion, "POST", "/v1/rules/{id}/versions/{version}:shadow"),
  route(publishRuleVersion, "POST", "/v1/rules/{id}/versions/{version}:publish"),
  route(listRuleTemplates, "GET", "/v1/rule-templates"),
  route(getRuleTemplate, "GET", "/v1/rule-templates/{id}"),
  route(instantiateRuleTemplate, "POST", "/v1/rule-templates/{id}:instantiate"),
];
