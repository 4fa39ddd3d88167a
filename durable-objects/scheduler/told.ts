import { type SettingValues, settingValues } from "../../src/modules/settings/index.ts";
import { migrate } from "../kit/migrate.ts";

const steps = [
  `create table told (what text primary key, version integer not null, body text not null) without rowid`,
];

type Values = Readonly<Record<string, boolean | number>>;

/** What the scheduler was told last of each matter: a message that comes late is known by its version. */
export class Told {
  readonly #sql: SqlStorage;

  constructor(storage: DurableObjectStorage) {
    migrate(storage, steps, "told");
    this.#sql = storage.sql;
  }

  /** Keeps what it is told; false when it was told of a later version already. */
  take(what: "rules" | "settings", version: number, body: unknown = null): boolean {
    const known = this.#find(what);
    if (known !== undefined && known.version > version) return false;
    this.#sql.exec(
      "insert or replace into told (what, version, body) values (?, ?, ?)",
      what,
      version,
      JSON.stringify(body),
    );
    return true;
  }

  /** The settings that hold, given what the operator set for every tenant. */
  settings(operator: Readonly<Record<string, unknown>>): SettingValues {
    const published = JSON.parse(this.#find("settings")?.body ?? "{}") as Values;
    return settingValues(published, operator);
  }

  #find(what: string): { version: number; body: string } | undefined {
    return this.#sql
      .exec<{ version: number; body: string }>("select version, body from told where what = ?", what)
      .toArray()[0];
  }
}
