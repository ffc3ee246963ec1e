/** An error as Lambda's Node.js runtime reports it, but for the trace. */
export function runtimeError(error: unknown): { errorType: string; errorMessage: string; trace: string[] } {
  try {
    if (error instanceof Error) return { errorType: error.name, errorMessage: error.message, trace: [] };
    return { errorType: typeof error, errorMessage: (error as object).toString(), trace: [] };
  } catch {
    return { errorType: 'handled', errorMessage: 'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack', trace: [] };
  }
}

/** A result as that runtime writes it. */
export function runtimeResult(value: unknown): string {
  try { return JSON.stringify(value === undefined ? null : value) ?? 'null'; } catch { throw new Error('Unable to stringify response body'); }
}
