#!/usr/bin/env node
import { statSync } from 'node:fs';

/** Milliseconds; 0 when there is no such file. */
const changed = (path) => statSync(new URL(path, import.meta.url), { throwIfNoEntry: false })?.mtimeMs ?? 0;
// `npm run build` puts the command into a few files that load in a fraction of the time. After a `tsc` alone they are stale.
const isBundled = changed('../build/cli/gwc.js') > changed('../build/.tsbuildinfo');

(await import(isBundled ? '../build/cli/prepare.js' : '../build/compiler/cli/prepare.js')).prepare(process.argv[2]);
await import(isBundled ? '../build/cli/gwc.js' : '../build/compiler/cli/main.js');
