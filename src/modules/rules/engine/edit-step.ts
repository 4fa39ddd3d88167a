import { canonicalJson } from "../../../kernel/json.ts";
import type { CompiledRule } from "./compile/compiled-rule.ts";
import type { Instance } from "./instances/instance.ts";
import { emitTransition } from "./instances/transition.ts";
import { type KeyRun, render } from "./key-run.ts";
import type { Cause } from "./outputs.ts";

/**
 * The rule was edited and its state goes on. An open alert whose labels are others now is closed under the old name and
 * open under the new one, and nobody is told again. Labels that read the event follow with the next one.
 */
export function stepEdit(run: KeyRun, at: number, renamed: boolean): void {
  const { state, rule } = run;
  for (const [id, instance] of Object.entries(state.instances)) {
    const fixed = rule.labelsVary || id.endsWith("!absence") || rule.trigger.kind === "metric";
    const bindings = { key: state.key, labels: run.baseLabels, ...instance.values };
    const labels = fixed ? instance.labels : { ...run.baseLabels, ...render(rule.labels, bindings) };
    const cause: Cause = { by: "timer", at };
    if (!renamed && canonicalJson(labels) === canonicalJson(instance.labels)) {
      // The same alert, told with the texts that it has now; those that read an event follow with the next one.
      if (instance.status === "firing" && !textsVary(rule))
        emitTransition(run, instance, "normal", at, cause, bindings, "relabelled");
      continue;
    }
    if (instance.status === "firing" || instance.status === "recovering") {
      const closed: Instance = { ...instance, status: "normal", resolvedAt: at };
      emitTransition(run, closed, instance.status, at, cause, bindings, "relabelled");
      instance.labels = labels;
      emitTransition(run, instance, "normal", at, cause, bindings, "relabelled");
    } else {
      instance.labels = labels;
    }
  }
}

function textsVary({ annotations }: CompiledRule): boolean {
  return annotations.some(({ template }) =>
    template.parts.some(
      (part) => typeof part !== "string" && part.reads.some((name) => name === "event" || name === "data"),
    ),
  );
}
