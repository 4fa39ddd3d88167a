/** What other modules and the objects may use: the settings that hold, and how they follow from what was said. */
export type { SettingValues } from "./catalogue.rules.ts";
export { settingValues } from "./effective-settings.rules.ts";
export { findPublished, findSettings } from "./find-settings.ts";
