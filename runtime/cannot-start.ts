/** The gateway is configured rightly but something it needs is not there (an environment variable): exit 1, not 2. */
export class CannotStart extends Error {
  readonly exitCode = 1;
}
