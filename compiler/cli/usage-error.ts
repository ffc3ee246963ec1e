/** Wrong words on the command line: printed without a stack, exit 2. */
export class UsageError extends Error {}
