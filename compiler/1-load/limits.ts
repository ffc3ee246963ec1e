/** Deeper than any real document (the deepest public one has 43 levels), far from the call stack's end. */
export const MAX_DEPTH = 400;

/** How many values YAML aliases may add to what is written out. */
export const MAX_ALIASED_VALUES = 1_000_000;

/** How many values overlays may add: a copy of a copy of a copy doubles each time. */
export const MAX_OVERLAID_VALUES = 1_000_000;

/** DigitalOcean has 1 510. */
export const MAX_FILES = 5_000;
