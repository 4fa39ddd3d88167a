/** What other modules may use: a profile by name, and what adapters and price tables take of it. */
export { mustFindProfile } from "./find-profile.ts";
export { allProfiles } from "./list-profiles.ts";
export { linkOf, pricesOf } from "./profile.rules.ts";
export { Profile } from "./schemas.ts";
