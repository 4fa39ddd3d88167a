import { type Route, route } from "../../http/route.ts";
import { backtestRule } from "./operations/backtest-rule.ts";
import { compareShadow } from "./operations/compare-shadow.ts";
import { createRule } from "./operations/create-rule.ts";
import { listEffects } from "./operations/effects/list-effects.ts";
import { redriveEffect } from "./operations/effects/redrive-effect.ts";
import { explainRule } from "./operations/explain-rule.ts";
import { getRule } from "./operations/get-rule.ts";
import { getRuleHealth } from "./operations/get-rule-health.ts";
import { listRuleRuns } from "./operations/list-rule-runs.ts";
import { listRules } from "./operations/list-rules.ts";
import { previewRule } from "./operations/preview-rule.ts";
import { rollbackRule } from "./operations/rollback-rule.ts";
import { getRuleTemplate } from "./operations/templates/get-rule-template.ts";
import { instantiateRuleTemplate } from "./operations/templates/instantiate-rule-template.ts";
import { listRuleTemplates } from "./operations/templates/list-rule-templates.ts";
import { testRules } from "./operations/test-rules.ts";
import { updateRule } from "./operations/update-rule.ts";
import { addRuleVersion } from "./operations/versions/add-rule-version.ts";
import { diffRuleVersions } from "./operations/versions/diff-rule-versions.ts";
import { getRuleVersion } from "./operations/versions/get-rule-version.ts";
import { listRuleVersions } from "./operations/versions/list-rule-versions.ts";
import { publishRuleVersion } from "./operations/versions/publish-rule-version.ts";
import { shadowRuleVersion } from "./operations/versions/shadow-rule-version.ts";
import { validateRuleVersion } from "./operations/versions/validate-rule-version.ts";

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
