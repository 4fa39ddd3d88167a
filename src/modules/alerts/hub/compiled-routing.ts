import type { MaintenanceScope, Receiver, RoutingConfig } from "../../../../contracts/alerts.ts";
import { Inhibitions } from "../inhibition/inhibition.rules.ts";
import { LabelIndex } from "../matching/label-index.rules.ts";
import { allRoutes, compileRoutes, type RouteNode } from "../routing/route-tree.rules.ts";
import type { SilenceRow } from "./rows.ts";

/** A routing configuration, ready to be asked. */
export interface CompiledRouting {
  readonly config: RoutingConfig;
  readonly root: RouteNode;
  readonly routes: ReadonlyMap<string, RouteNode>;
  readonly receivers: ReadonlyMap<string, Receiver>;
  readonly inhibitions: Inhibitions;
  readonly maintenance: LabelIndex<MaintenanceScope>;
}

export function compileRouting(config: RoutingConfig): CompiledRouting {
  const root = compileRoutes(config.route);
  const maintenance = new LabelIndex<MaintenanceScope>();
  for (const scope of config.maintenance) maintenance.add(scope.matchers, scope);
  return {
    config,
    root,
    routes: new Map(allRoutes(root).map((route) => [route.key, route])),
    receivers: new Map(config.receivers.map((receiver) => [receiver.name, receiver])),
    inhibitions: new Inhibitions(config.inhibitions),
    maintenance,
  };
}

export function indexSilences(silences: readonly SilenceRow[]): LabelIndex<SilenceRow> {
  const index = new LabelIndex<SilenceRow>();
  for (const silence of silences) index.add(silence.matchers, silence);
  return index;
}

/**
 * What is compiled from the store, kept between commands by version. It may be lost at any time, and must belong to
 * one store: a version that a rolled back command wrote is never kept here.
 */
export class HubCache {
  #routing: { readonly version: number; readonly value: CompiledRouting } | undefined;
  #silences: { readonly version: number; readonly value: LabelIndex<SilenceRow> } | undefined;

  routing(version: number, keep: boolean, make: () => CompiledRouting): CompiledRouting {
    if (this.#routing?.version === version && keep) return this.#routing.value;
    const value = make();
    if (keep) this.#routing = { version, value };
    return value;
  }

  silences(version: number, keep: boolean, make: () => LabelIndex<SilenceRow>): LabelIndex<SilenceRow> {
    if (this.#silences?.version === version && keep) return this.#silences.value;
    const value = make();
    if (keep) this.#silences = { version, value };
    return value;
  }
}
