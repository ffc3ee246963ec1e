/** `process` under a name that bundles shorten. Not by `import … from 'node:process'`: that opens standard input. */
export const process = globalThis.process;
